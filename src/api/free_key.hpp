// SPDX-License-Identifier: Apache-2.0
// GET /links/exists and GET /links/random.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> link_exists(const Call& call);
Result<Work> random_key(const Call& call);

}  // namespace hw::api
