// SPDX-License-Identifier: Apache-2.0
// GET /links/count.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> count_links(const Call& call);

}  // namespace hw::api
