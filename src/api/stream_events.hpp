// SPDX-License-Identifier: Apache-2.0
// GET /events/stream: clicks, leads and sales as server-sent events, from now on or from where an
// earlier stream ended.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> stream_events(const Call& call);

}  // namespace hw::api
