// SPDX-License-Identifier: Apache-2.0
// GET /events/export: the clicks, leads or sales of GET /events, the oldest first.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> export_events(const Call& call);

}  // namespace hw::api
