// SPDX-License-Identifier: Apache-2.0
// POST /ingest, /revenue and /revenue/batch: what websites and shops tell, in the wire format that
// clients of Pulsora speak.
#pragma once

#include "api/routes.hpp"

namespace hw::api {

void ingest(Api& api, const Request& request, Reply reply);
void revenue(Api& api, const Request& request, Reply reply);
void revenue_batch(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
