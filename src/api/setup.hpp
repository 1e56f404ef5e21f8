// SPDX-License-Identifier: Apache-2.0
// GET and POST /setup/{token}: a person makes the first workspace in a browser.
#pragma once

#include "api/http.hpp"

namespace hw {
class Api;
}

namespace hw::api {

void show_setup(Api& api, const Request& request, Reply reply);
void complete_setup(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
