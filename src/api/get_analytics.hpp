// SPDX-License-Identifier: Apache-2.0
// GET /analytics and the older /analytics/{event} and /analytics/{event}/{endpoint}.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> get_analytics(const Call& call);
Result<Work> get_analytics_of_event(const Call& call);  // one count is a bare number here

}  // namespace hw::api
