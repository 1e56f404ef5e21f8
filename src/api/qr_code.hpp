// SPDX-License-Identifier: Apache-2.0
// GET /qr: the picture of an address. No logo is put into it: this route needs no key, and fetching
// pictures for anybody who asks would lend the server's address to them.
#pragma once

#include "api/http.hpp"

namespace hw {
class Api;
}

namespace hw::api {

void qr_code(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
