// SPDX-License-Identifier: Apache-2.0
// PATCH /links/{linkId}, and PUT with the same meaning.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> update_link(const Call& call);

}  // namespace hw::api
