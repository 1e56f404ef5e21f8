// SPDX-License-Identifier: Apache-2.0
// GET /events.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_events(const Call& call);

}  // namespace hw::api
