// SPDX-License-Identifier: Apache-2.0
// PATCH /domains/{slug}: changes what the body names.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> update_domain(const Call& call);

}  // namespace hw::api
