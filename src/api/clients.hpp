// SPDX-License-Identifier: Apache-2.0
// GET /admin/clients: whether attribution works. GET /setup/checklist: how far a new workspace is.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_clients(const Call& call);
Result<Work> get_setup_checklist(const Call& call);

}  // namespace hw::api
