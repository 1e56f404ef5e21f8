// SPDX-License-Identifier: Apache-2.0
// GET and POST /folders, PATCH and DELETE /folders/{id}.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_folders(const Call& call);
Result<Work> create_folder(const Call& call);
Result<Work> update_folder(const Call& call);
Result<Work> delete_folder(const Call& call);

}  // namespace hw::api
