// SPDX-License-Identifier: Apache-2.0
// GET /conversions/{id}/journey.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> conversion_journey(const Call& call);

}  // namespace hw::api
