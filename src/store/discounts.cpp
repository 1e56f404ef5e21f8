// SPDX-License-Identifier: Apache-2.0
#include "store/discounts.hpp"

namespace hw {
namespace {

const Query kInsertDiscount{"insert_discount", R"sql(
insert into discounts (workspace_id, discount_id, program_id, is_percentage, amount,
    max_duration_months, provider, coupon_id, coupon_test_id, description, created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning 1
)sql"};

const Query kUpdateDiscount{"update_discount", R"sql(
update discounts set is_percentage = $3, amount = $4, max_duration_months = $5, provider = $6,
    coupon_id = $7, coupon_test_id = $8, description = $9
where workspace_id = $1 and discount_id = $2
)sql"};

const Query kDeleteDiscount{
    "delete_discount",
    "delete from discounts where workspace_id = $1 and discount_id = $2 returning 1"};

const std::string kDiscountColumns =
    "select workspace_id, discount_id, program_id, is_percentage, amount, max_duration_months, "
    "provider, coupon_id, coupon_test_id, description, created_at_ms from discounts "
    "where workspace_id = $1 ";

const Query kFindDiscount{"find_discount", kDiscountColumns + "and discount_id = $2"};
const Query kListDiscounts{"list_discounts",
                           kDiscountColumns + "and program_id = $2 order by discount_id"};

Discount discount_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .discount_id = row.text(1),
            .program_id = row.text(2),
            .is_percentage = row.boolean(3),
            .amount = row.int64(4),
            .max_duration_months = row.optional_int64(5),
            .provider = row.text(6),
            .coupon_id = row.optional_text(7),
            .coupon_test_id = row.optional_text(8),
            .description = row.optional_text(9),
            .created_at_ms = row.int64(10)};
}

}  // namespace

bool insert_discount(Tx& tx, const Discount& d) {
    return tx.any(kInsertDiscount, d.workspace_id, d.discount_id, d.program_id, d.is_percentage,
                  d.amount, d.max_duration_months, d.provider, d.coupon_id, d.coupon_test_id,
                  d.description, d.created_at_ms);
}

void update_discount(Tx& tx, const Discount& d) {
    tx.exec(kUpdateDiscount, d.workspace_id, d.discount_id, d.is_percentage, d.amount,
            d.max_duration_months, d.provider, d.coupon_id, d.coupon_test_id, d.description);
}

bool delete_discount(Tx& tx, std::string_view workspace_id, std::string_view discount_id) {
    return tx.any(kDeleteDiscount, workspace_id, discount_id);
}

std::optional<Discount> find_discount(Tx& tx, std::string_view workspace_id,
                                      std::string_view discount_id) {
    return tx.first(kFindDiscount, discount_from, workspace_id, discount_id);
}

std::vector<Discount> list_discounts(Tx& tx, std::string_view workspace_id,
                                     std::string_view program_id) {
    return tx.all(kListDiscounts, discount_from, workspace_id, program_id);
}

}  // namespace hw
