// SPDX-License-Identifier: Apache-2.0
// A rate has arrived: sales that waited for it are counted and credited with their amount in the
// reporting currency (the money design, currency conversion).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

struct CompletedConversions {
    std::int64_t completed = 0;
    std::string last_id;  // go on after it; empty: all were looked at
};

// Looks at no more than `limit` sales of the workspace after that id. Does nothing the second time.
CompletedConversions complete_conversions(Tx& tx, std::string_view after_id, std::int64_t limit);

}  // namespace hw
