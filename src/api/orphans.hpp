// SPDX-License-Identifier: Apache-2.0
// GET /orphans, POST /orphans/fix: conversions without a link, and their automatic repair.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_orphans(const Call& call);
Result<Work> fix_orphans(const Call& call);

}  // namespace hw::api
