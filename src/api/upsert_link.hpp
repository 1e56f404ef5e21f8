// SPDX-License-Identifier: Apache-2.0
// PUT /links/upsert.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> upsert_link(const Call& call);

}  // namespace hw::api
