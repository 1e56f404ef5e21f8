// SPDX-License-Identifier: Apache-2.0
// GET /conversions/{id}/explain.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> explain_conversion(const Call& call);

}  // namespace hw::api
