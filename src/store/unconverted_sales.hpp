// SPDX-License-Identifier: Apache-2.0
// Sales without an amount in the reporting currency, because no rate was known when they were told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/conversions.hpp"
#include "store/tx.hpp"

namespace hw {

// After that id, oldest first.
std::vector<Conversion> list_unconverted_sales(Tx& tx, std::string_view after_id,
                                               std::int64_t limit);

// The converted columns of the sale, which follow from its amount and the rates. False: it has
// them.
bool set_converted_once(Tx& tx, const Conversion& sale);

}  // namespace hw
