// SPDX-License-Identifier: Apache-2.0
// POST /track/click: the browser script tells a click that did not come through a redirect.
#pragma once

#include "api/http.hpp"

namespace hw {
class Api;
}

namespace hw::api {

void track_click(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
