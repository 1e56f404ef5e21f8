// SPDX-License-Identifier: Apache-2.0
// GET /links.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_links(const Call& call);

}  // namespace hw::api
