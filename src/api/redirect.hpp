// SPDX-License-Identifier: Apache-2.0
// GET /{key} on a short domain: the visitor goes on to the link's destination, and the click is on
// disk before the answer leaves.
#pragma once

#include "api/http.hpp"

namespace hw {

class Api;

void redirect(Api& api, const Request& request, Reply reply);

}  // namespace hw
