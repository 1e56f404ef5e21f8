// SPDX-License-Identifier: Apache-2.0
// GET /domains/{slug}/verify: asks the name servers whose the domain is.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> verify_domain(const Call& call);

}  // namespace hw::api
