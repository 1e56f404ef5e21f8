// SPDX-License-Identifier: Apache-2.0
// POST /domains; and POST /domains/register, which this server refuses.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> create_domain(const Call& call);
Result<Work> register_domain(const Call& call);

}  // namespace hw::api
