// SPDX-License-Identifier: Apache-2.0
// DELETE /links/{linkId}.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> delete_link(const Call& call);

}  // namespace hw::api
