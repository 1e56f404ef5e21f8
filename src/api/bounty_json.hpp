// SPDX-License-Identifier: Apache-2.0
// How bounties and their submissions look in answers and webhooks (reference: dub, 2.13).
#pragma once

#include "api/json.hpp"
#include "store/bounties.hpp"

namespace hw {

json::object bounty_json(const Bounty& bounty);
json::object submission_json(const BountySubmission& submission);

}  // namespace hw
