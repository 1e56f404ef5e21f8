// SPDX-License-Identifier: Apache-2.0
// /discount-codes: codes that stand for a partner's link (reference: dub, 2.13).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/discount_codes.hpp"

namespace hw {

struct NewDiscountCode {
    std::optional<std::string> code;  // else from the partner's name and what the group saves
    std::string partner_id;
    std::string link_id;
};
Result<DiscountCode> create_discount_code(Tx& tx, const NewDiscountCode& input);

// Gives the id. `reference` is an id or a code.
Result<std::string> delete_discount_code(Tx& tx, std::string_view reference);

// `filter.program_id` is set here.
Result<std::vector<DiscountCode>> list_codes(Tx& tx, DiscountCodeFilter filter);

}  // namespace hw
