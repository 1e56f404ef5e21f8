// SPDX-License-Identifier: Apache-2.0
// GET /links/export: the links of GET /links, in the columns that an import takes.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> export_links(const Call& call);

}  // namespace hw::api
