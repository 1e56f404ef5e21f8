// SPDX-License-Identifier: Apache-2.0
// DELETE /domains/{slug}: the domain goes, and its links with it.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> delete_domain(const Call& call);

}  // namespace hw::api
