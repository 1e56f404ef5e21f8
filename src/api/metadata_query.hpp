// SPDX-License-Identifier: Apache-2.0
// The `query` filter: conditions on the metadata of leads and sales, such as
// metadata['plan']:'pro' and metadata['seats']>=10, joined by "and" or "or", "and" first.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.hpp"

namespace hw {

// Says of a metadata's JSON text whether it meets the conditions. ":" and "=" are equality; "<" and
// the like compare numbers as numbers and everything else as text.
Result<std::function<bool(std::string_view json)>> parse_metadata_query(std::string_view text);

}  // namespace hw
