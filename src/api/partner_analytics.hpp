// SPDX-License-Identifier: Apache-2.0
// GET /partners/analytics.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> partner_analytics(const Call& call);

}  // namespace hw::api
