// SPDX-License-Identifier: Apache-2.0
// POST /track/visit: somebody came to a site without a link.
#pragma once

#include "api/http.hpp"

namespace hw {
class Api;
}

namespace hw::api {

void track_visit(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
