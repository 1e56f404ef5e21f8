// SPDX-License-Identifier: Apache-2.0
// POST /links/import: links from a CSV or JSON file, in many transactions.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> import_links(const Call& call);

}  // namespace hw::api
