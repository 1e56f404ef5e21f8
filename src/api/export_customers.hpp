// SPDX-License-Identifier: Apache-2.0
// GET /customers/export: the customers of GET /customers, the oldest first.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> export_customers(const Call& call);

}  // namespace hw::api
