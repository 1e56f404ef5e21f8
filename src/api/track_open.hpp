// SPDX-License-Identifier: Apache-2.0
// POST /track/open: an app was opened by a deep link, or for the first time after a store.
#pragma once

#include "api/http.hpp"

namespace hw {
class Api;
}

namespace hw::api {

void track_open(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
