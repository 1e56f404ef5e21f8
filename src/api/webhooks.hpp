// SPDX-License-Identifier: Apache-2.0
// /webhooks and what is done to one endpoint.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_webhooks(const Call& call);
Result<Work> create_webhook(const Call& call);
Result<Work> get_webhook(const Call& call);
Result<Work> update_webhook(const Call& call);
Result<Work> delete_webhook(const Call& call);
Result<Work> rotate_webhook_secret(const Call& call);
Result<Work> ping_webhook(const Call& call);
Result<Work> enable_webhook(const Call& call);

}  // namespace hw::api
