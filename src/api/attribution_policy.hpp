// SPDX-License-Identifier: Apache-2.0
// GET and PATCH /attribution/policy, and how a policy is written in JSON.
#pragma once

#include "api/call.hpp"
#include "api/json.hpp"
#include "core/attribution_policy.hpp"

namespace hw {

json::object policy_json(const AttributionPolicy& policy);

// What is not named stays as it is; 422 for names that mean nothing.
Result<AttributionPolicyChange> read_policy_change(const json::object& body);

namespace api {

Result<Work> get_attribution_policy(const Call& call);
Result<Work> change_attribution_policy(const Call& call);

}  // namespace api
}  // namespace hw
