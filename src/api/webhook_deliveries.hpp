// SPDX-License-Identifier: Apache-2.0
// /webhooks/{id}/deliveries: what became of telling an endpoint, and telling it once more.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_webhook_deliveries(const Call& call);
Result<Work> get_webhook_delivery(const Call& call);
Result<Work> replay_webhook_delivery(const Call& call);
Result<Work> replay_webhook(const Call& call);

}  // namespace hw::api
