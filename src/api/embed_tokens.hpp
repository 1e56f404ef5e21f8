// SPDX-License-Identifier: Apache-2.0
// POST /tokens/embed/referrals, and GET /embed/referrals for the page that has its token.
#pragma once

#include "api/call.hpp"

namespace hw {
class Api;
}

namespace hw::api {

Result<Work> create_embed_token(const Call& call);
void embed_referrals(Api& api, const Request& request, Reply reply);

}  // namespace hw::api
