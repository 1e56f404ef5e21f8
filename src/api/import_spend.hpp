// SPDX-License-Identifier: Apache-2.0
// POST /spend/import, and its answer, which `headwater spend import` prints too.
#pragma once

#include "api/call.hpp"
#include "api/json.hpp"
#include "core/import_spend.hpp"

namespace hw::api {

Result<Work> import_spend(const Call& call);

json::object spend_import_json(const SpendOutcome& outcome);

}  // namespace hw::api
