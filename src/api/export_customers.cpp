// SPDX-License-Identifier: Apache-2.0
#include "api/export_customers.hpp"

#include "api/customer_json.hpp"
#include "api/customers.hpp"
#include "api/export.hpp"
#include "store/customer_list.hpp"

namespace hw::api {
namespace {

constexpr ExportColumn kColumns[] = {
    {"id", "id"},
    {"externalId", "externalId"},
    {"name", "name"},
    {"email", "email"},
    {"avatar", "avatar"},
    {"country", "country"},
    {"stripeCustomerId", "stripeCustomerId"},
    {"linkId", "linkId"},
    {"sales", "sales"},
    {"saleAmount", "saleAmount"},
    {"createdAt", "createdAt"},
    {"firstSaleAt", "firstSaleAt"},
    {"subscriptionCanceledAt", "subscriptionCanceledAt"},
};

}  // namespace

Result<Work> export_customers(const Call& call) {
    auto filter = HW_TRY(read_customer_filter(call.request.query));
    filter.descending = false;
    filter.limit = limits::kExportRowsAtOnce;
    auto read = [filter = std::move(filter)](Tx& tx,
                                             const std::string& after) -> Result<ExportPage> {
        auto wanted = filter;
        wanted.after = after;
        const auto customers = list_customers(tx, wanted);
        ExportPage page{.rows = {},
                        .after = customers.empty() ? after : customers.back().customer.customer_id,
                        .last = std::ssize(customers) < filter.limit};
        for (const auto& customer : customers) {
            auto row = customer_json(customer);
            row["linkId"] = text_or_null(customer.customer.link_id);
            page.rows.push_back(std::move(row));
        }
        return page;
    };
    return export_rows(call, {.name = "customers", .columns = kColumns, .read = std::move(read)});
}

}  // namespace hw::api
