// SPDX-License-Identifier: Apache-2.0
// GET /repairs, POST /repairs/{id}/undo, POST /attribution/replay: decisions made again, and taken
// back.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_repairs(const Call& call);
Result<Work> undo_repair(const Call& call);
Result<Work> replay_attribution(const Call& call);

}  // namespace hw::api
