// SPDX-License-Identifier: Apache-2.0
// GET /fraud/rules, PATCH /fraud/rules/{type}, GET /fraud/groups, GET /fraud/groups/{id} and POST
// /fraud/groups/{id}/resolve.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_fraud_rules(const Call& call);
Result<Work> update_fraud_rule(const Call& call);
Result<Work> list_fraud_groups(const Call& call);
Result<Work> get_fraud_group(const Call& call);
Result<Work> resolve_fraud_group(const Call& call);

}  // namespace hw::api
