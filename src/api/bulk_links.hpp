// SPDX-License-Identifier: Apache-2.0
// POST, PATCH and DELETE /links/bulk.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> create_links(const Call& call);
Result<Work> update_links(const Call& call);
Result<Work> delete_links(const Call& call);

}  // namespace hw::api
