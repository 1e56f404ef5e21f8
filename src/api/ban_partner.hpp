// SPDX-License-Identifier: Apache-2.0
// POST /partners/ban and /partners/deactivate.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> ban_partner(const Call& call);
Result<Work> deactivate_partner(const Call& call);

}  // namespace hw::api
