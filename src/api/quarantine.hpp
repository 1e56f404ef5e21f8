// SPDX-License-Identifier: Apache-2.0
// /admin/quarantine: deliveries that nobody vouches for, whose they could be, and what a person
// decides about them. A key sees what came to the connections of its own workspace, and gives it to
// those alone; the operator's command sees all.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_payment_quarantine(const Call& call);  // of one connection
Result<Work> list_quarantine(const Call& call);
Result<Work> list_quarantine_decisions(const Call& call);
Result<Work> assign_quarantine(const Call& call);
Result<Work> dismiss_quarantine(const Call& call);

}  // namespace hw::api
