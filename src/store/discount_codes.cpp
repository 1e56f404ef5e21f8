// SPDX-License-Identifier: Apache-2.0
#include "store/discount_codes.hpp"

#include "base/ascii.hpp"

namespace hw {
namespace {

const Query kInsertCode{"insert_discount_code", R"sql(
insert into discount_codes (workspace_id, discount_code_id, program_id, code, code_folded,
    discount_id, partner_id, link_id, disabled_at_ms, deleted_at_ms, created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning 1
)sql"};

const Query kDeleteCode{"delete_discount_code", R"sql(
update discount_codes set deleted_at_ms = $3 where workspace_id = $1 and discount_code_id = $2
)sql"};

const Query kDisableCodes{"disable_codes_of_partner", R"sql(
update discount_codes set disabled_at_ms = $3
where workspace_id = $1 and partner_id = $2 and disabled_at_ms is null
)sql"};

const std::string kCodeColumns =
    "select workspace_id, discount_code_id, program_id, code, discount_id, partner_id, link_id, "
    "disabled_at_ms, deleted_at_ms, created_at_ms from discount_codes where workspace_id = $1 ";

const Query kFindCode{"find_discount_code", kCodeColumns + "and discount_code_id = $2"};
const Query kFindCodeByCode{"find_discount_code_by_code",
                            kCodeColumns + "and code_folded = $2 and deleted_at_ms is null"};

// By partner, by discount, or all of them in the order of their ids.
const Query kListCodesOfPartner{"list_discount_codes_of_partner", kCodeColumns + R"sql(
    and program_id = $2 and partner_id = $3 and ($4 = '' or discount_id = $4)
    and deleted_at_ms is null
order by discount_code_id desc limit $5 offset $6
)sql"};
const Query kListCodes{"list_discount_codes", kCodeColumns + R"sql(
    and discount_code_id > '' and program_id = $2 and ($3 = '' or discount_id = $3)
    and deleted_at_ms is null
order by discount_code_id desc limit $4 offset $5
)sql"};

DiscountCode code_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .discount_code_id = row.text(1),
            .program_id = row.text(2),
            .code = row.text(3),
            .discount_id = row.optional_text(4),
            .partner_id = row.text(5),
            .link_id = row.text(6),
            .disabled_at_ms = row.optional_int64(7),
            .deleted_at_ms = row.optional_int64(8),
            .created_at_ms = row.int64(9)};
}

}  // namespace

bool insert_discount_code(Tx& tx, const DiscountCode& c) {
    const auto folded = ascii_lower(c.code);
    return tx.any(kInsertCode, c.workspace_id, c.discount_code_id, c.program_id, c.code, folded,
                  c.discount_id, c.partner_id, c.link_id, c.disabled_at_ms, c.deleted_at_ms,
                  c.created_at_ms);
}

void delete_discount_code(Tx& tx, const DiscountCode& code) {
    tx.exec(kDeleteCode, code.workspace_id, code.discount_code_id, tx.now_ms());
}

void disable_codes_of_partner(Tx& tx, std::string_view workspace_id, std::string_view partner_id) {
    tx.exec(kDisableCodes, workspace_id, partner_id, tx.now_ms());
}

std::optional<DiscountCode> find_discount_code(Tx& tx, std::string_view workspace_id,
                                               std::string_view discount_code_id) {
    return tx.first(kFindCode, code_from, workspace_id, discount_code_id);
}

std::optional<DiscountCode> find_discount_code_by_code(Tx& tx, std::string_view workspace_id,
                                                       std::string_view code) {
    const auto folded = ascii_lower(code);
    return tx.first(kFindCodeByCode, code_from, workspace_id, folded);
}

std::vector<DiscountCode> list_discount_codes(Tx& tx, const DiscountCodeFilter& filter) {
    if (filter.partner_id.empty()) {
        return tx.all(kListCodes, code_from, tx.workspace_id(), filter.program_id,
                      filter.discount_id, filter.limit, filter.offset);
    }
    return tx.all(kListCodesOfPartner, code_from, tx.workspace_id(), filter.program_id,
                  filter.partner_id, filter.discount_id, filter.limit, filter.offset);
}

}  // namespace hw
