// SPDX-License-Identifier: Apache-2.0
// /discount-codes: codes that stand for a partner's link.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_discount_codes(const Call& call);
Result<Work> create_discount_code(const Call& call);
Result<Work> delete_discount_code(const Call& call);

}  // namespace hw::api
