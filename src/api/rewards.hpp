// SPDX-License-Identifier: Apache-2.0
// /rewards and /discounts: what partners earn, and what their customers save.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_rewards(const Call& call);
Result<Work> create_reward(const Call& call);
Result<Work> get_reward(const Call& call);
Result<Work> update_reward(const Call& call);
Result<Work> delete_reward(const Call& call);

Result<Work> list_discounts(const Call& call);
Result<Work> create_discount(const Call& call);
Result<Work> get_discount(const Call& call);
Result<Work> update_discount(const Call& call);
Result<Work> delete_discount(const Call& call);

}  // namespace hw::api
