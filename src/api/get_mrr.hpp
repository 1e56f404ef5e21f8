// SPDX-License-Identifier: Apache-2.0
// GET /mrr: monthly recurring revenue and its movements.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> get_mrr(const Call& call);

}  // namespace hw::api
