// SPDX-License-Identifier: Apache-2.0
// An amount in the workspace's reporting currency, with the dated rate that was used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

struct Converted {
    std::optional<std::int64_t> amount;  // nothing: no rate is known yet ("fx_missing")
    std::optional<std::string> rate;     // nothing when both currencies are the same
    std::optional<std::string> rate_date;
    std::optional<std::string> source;
};

// By the rate of the conversion's date, else the last one before it. Currencies are lower case,
// amounts minor units; half a minor unit is rounded up.
Converted convert_currency(Tx& tx, std::int64_t amount, std::string_view from, std::string_view to,
                           std::int64_t at_ms);

}  // namespace hw
