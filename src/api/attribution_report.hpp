// SPDX-License-Identifier: Apache-2.0
// GET /attribution/report.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> attribution_report(const Call& call);

}  // namespace hw::api
