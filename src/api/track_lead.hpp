// SPDX-License-Identifier: Apache-2.0
// POST /track/lead.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> track_lead(const Call& call);

}  // namespace hw::api
