// SPDX-License-Identifier: Apache-2.0
// Clicks that went to an app store, by the address they came from, until the app asks for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

struct DeepLinkClick {
    std::string workspace_id;
    std::string domain;
    std::int64_t address = 0;  // salted hash of the IP
    std::string touch_id;
    std::string link_id;
    std::int64_t at_ms = 0;
};

// In place of an earlier one of that address; those of before `forget_before_ms` go.
void put_deep_link_click(Tx& tx, const DeepLinkClick& click, std::int64_t forget_before_ms);

// The last one of that address at or after `from_ms`.
std::optional<DeepLinkClick> find_deep_link_click(Tx& tx, const DeepLinkClick& wanted,
                                                  std::int64_t from_ms);

}  // namespace hw
