// SPDX-License-Identifier: Apache-2.0
// GET /admin/diagnose-sale: what the ladder would do with a sale now, and what is missing.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> diagnose_sale(const Call& call);

}  // namespace hw::api
