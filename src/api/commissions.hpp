// SPDX-License-Identifier: Apache-2.0
// GET and POST /commissions; GET and PATCH /commissions/{id}; PATCH /commissions/bulk (reference:
// dub, 2.9).
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_commissions(const Call& call);
Result<Work> create_commission(const Call& call);
Result<Work> get_commission(const Call& call);
Result<Work> update_commission(const Call& call);
Result<Work> update_commissions(const Call& call);

}  // namespace hw::api
