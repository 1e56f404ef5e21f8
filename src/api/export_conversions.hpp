// SPDX-License-Identifier: Apache-2.0
// GET /conversions/export: leads and sales with what each is attributed to now, and why.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> export_conversions(const Call& call);

}  // namespace hw::api
