// SPDX-License-Identifier: Apache-2.0
// /payment-connections: where a workspace's payment processors deliver, with which secrets, and
// what came of it. Secrets go in and never come out.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_payment_connections(const Call& call);
Result<Work> create_payment_connection(const Call& call);
Result<Work> get_payment_connection(const Call& call);
Result<Work> delete_payment_connection(const Call& call);
Result<Work> rotate_payment_secret(const Call& call);
Result<Work> list_payment_deliveries(const Call& call);
Result<Work> verify_payment_quarantine(const Call& call);

}  // namespace hw::api
