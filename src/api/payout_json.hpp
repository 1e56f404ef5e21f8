// SPDX-License-Identifier: Apache-2.0
// A payout as the payouts API and webhooks answer it (reference: dub, 2.10).
#pragma once

#include "api/json.hpp"
#include "core/list_payouts.hpp"

namespace hw {

json::object payout_json(const PayoutView& view);

}  // namespace hw
