// SPDX-License-Identifier: Apache-2.0
// POST /track/sale.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> track_sale(const Call& call);

}  // namespace hw::api
