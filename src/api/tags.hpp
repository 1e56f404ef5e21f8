// SPDX-License-Identifier: Apache-2.0
// GET and POST /tags, PATCH and DELETE /tags/{id}.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_tags(const Call& call);
Result<Work> create_tag(const Call& call);
Result<Work> update_tag(const Call& call);
Result<Work> delete_tag(const Call& call);

}  // namespace hw::api
