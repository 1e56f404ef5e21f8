// SPDX-License-Identifier: Apache-2.0
// GET /links/metatags: how a page that a link may lead to wants to be shown.
#pragma once

#include "api/http.hpp"

namespace hw {
class Api;
}

namespace hw::api {

void link_metatags(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
