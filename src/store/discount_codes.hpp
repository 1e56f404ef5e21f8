// SPDX-License-Identifier: Apache-2.0
// Discount codes: what customers type, and the partner's link that it stands for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct DiscountCode {
    std::string workspace_id;
    std::string discount_code_id;
    std::string program_id;
    std::string code;  // unique in the workspace, without case
    std::optional<std::string> discount_id;
    std::string partner_id;
    std::string link_id;
    std::optional<std::int64_t> disabled_at_ms;
    std::optional<std::int64_t> deleted_at_ms;
    std::int64_t created_at_ms = 0;
};

bool insert_discount_code(Tx& tx, const DiscountCode& code);  // false: the code is taken
// Its row stays for those who must be told of it; the code is free again.
void delete_discount_code(Tx& tx, const DiscountCode& code);
void disable_codes_of_partner(Tx& tx, std::string_view workspace_id, std::string_view partner_id);

// Also one that was deleted.
std::optional<DiscountCode> find_discount_code(Tx& tx, std::string_view workspace_id,
                                               std::string_view discount_code_id);
// Not one that was deleted.
std::optional<DiscountCode> find_discount_code_by_code(Tx& tx, std::string_view workspace_id,
                                                       std::string_view code);

struct DiscountCodeFilter {
    std::string program_id;
    std::string partner_id;   // empty: all
    std::string discount_id;  // empty: all
    std::int64_t limit = 100;
    std::int64_t offset = 0;
};
// Newest first.
std::vector<DiscountCode> list_discount_codes(Tx& tx, const DiscountCodeFilter& filter);

}  // namespace hw
