// SPDX-License-Identifier: Apache-2.0
// GET /track/log: what was told to /track/lead and /track/sale, and what became of it.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> track_log(const Call& call);

}  // namespace hw::api
