// SPDX-License-Identifier: Apache-2.0
#include "store/unconverted_sales.hpp"

#include "base/fault.hpp"

namespace hw {
namespace {

const Query kListUnconvertedSales{"list_unconverted_sales", R"sql(
select conversion_id from conversions
where workspace_id = $1 and conversion_id > $2 and converted_amount is null and kind = 'purchase'
order by conversion_id limit $3
)sql"};

const Query kSetConvertedOnce{"set_converted_once", R"sql(
update conversions set converted_amount = $3, converted_currency = $4, fx_rate = $5, fx_date = $6,
    fx_source = $7
where workspace_id = $1 and conversion_id = $2 and converted_amount is null returning 1
)sql"};

}  // namespace

std::vector<Conversion> list_unconverted_sales(Tx& tx, std::string_view after_id,
                                               std::int64_t limit) {
    std::vector<Conversion> sales;
    for (const auto& id : tx.all(
             kListUnconvertedSales, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
             after_id, limit)) {
        auto sale = find_conversion(tx, tx.workspace_id(), id);
        HW_ASSERT(sale);
        sales.push_back(std::move(*sale));
    }
    return sales;
}

bool set_converted_once(Tx& tx, const Conversion& sale) {
    return tx.any(kSetConvertedOnce, sale.workspace_id, sale.conversion_id, sale.converted_amount,
                  sale.converted_currency, sale.fx_rate, sale.fx_date, sale.fx_source);
}

}  // namespace hw
