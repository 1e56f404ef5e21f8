// SPDX-License-Identifier: Apache-2.0
// GET and POST /payouts, GET /payouts/export, GET /payouts/{id}, and the steps of one:
// POST /payouts/{id}/confirm, /cancel and /fail (reference: dub, 2.10).
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_payouts(const Call& call);
Result<Work> create_payouts(const Call& call);
Result<Work> export_payouts(const Call& call);
Result<Work> get_payout(const Call& call);
Result<Work> confirm_payout(const Call& call);
Result<Work> cancel_payout(const Call& call);
Result<Work> fail_payout(const Call& call);

}  // namespace hw::api
