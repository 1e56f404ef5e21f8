// SPDX-License-Identifier: Apache-2.0
// Discounts: what the customers of a group's partners save, and at which shop system.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Discount {
    std::string workspace_id;
    std::string discount_id;
    std::string program_id;
    bool is_percentage = true;
    std::int64_t amount = 0;                          // minor units, or hundredths of a percent
    std::optional<std::int64_t> max_duration_months;  // 0: the first only; nothing: for ever
    std::string provider = "custom";                  // stripe, shopify, custom
    std::optional<std::string> coupon_id;
    std::optional<std::string> coupon_test_id;
    std::optional<std::string> description;
    std::int64_t created_at_ms = 0;
};

bool insert_discount(Tx& tx, const Discount& discount);  // false: the id is taken
void update_discount(Tx& tx, const Discount& discount);
bool delete_discount(Tx& tx, std::string_view workspace_id, std::string_view discount_id);
std::optional<Discount> find_discount(Tx& tx, std::string_view workspace_id,
                                      std::string_view discount_id);
std::vector<Discount> list_discounts(Tx& tx, std::string_view workspace_id,
                                     std::string_view program_id);

}  // namespace hw
