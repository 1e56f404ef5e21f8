// SPDX-License-Identifier: Apache-2.0
// POST /hooks/{provider}/{connectionId}: where payment processors deliver. Signed deliveries are
// durable before the 200, others are kept aside and refused.
#pragma once

#include "api/http.hpp"

namespace hw {
class Api;
}

namespace hw::api {

void receive_hook(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
