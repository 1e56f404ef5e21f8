// SPDX-License-Identifier: Apache-2.0
// GET /links/{linkId} and GET /links/info.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> get_link(const Call& call);
Result<Work> get_link_info(const Call& call);

}  // namespace hw::api
