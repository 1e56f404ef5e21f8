// SPDX-License-Identifier: Apache-2.0
// What a repair, its undoing or a replay did or would do, in JSON; and its paging in a body.
#pragma once

#include "api/json.hpp"
#include "core/repair_attribution.hpp"

namespace hw {

json::object repaired_json(const RepairedAttribution& repaired, bool dry_run);

// pageSize, 1..kRepairedAtOnceMax; 100 when absent.
Result<std::int64_t> read_repair_page_size(const json::object& body);

}  // namespace hw
