// SPDX-License-Identifier: Apache-2.0
// For the operator: is it alive, is it ready, what does it count, what can it do.
#pragma once

#include "api/http.hpp"

namespace hw {
class Api;
}

namespace hw::api {

void live(Api& api, const Request& request, Reply reply);
void ready(Api& api, const Request& request, Reply reply);
void metrics(Api& api, const Request& request, Reply reply);
void openapi(Api& api, const Request& request, Reply reply);
void browser_script(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
