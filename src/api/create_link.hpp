// SPDX-License-Identifier: Apache-2.0
// POST /links.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> create_link(const Call& call);

}  // namespace hw::api
