// SPDX-License-Identifier: Apache-2.0
// GET /avatars/{workspace}/{customer}.png: our copy of a customer's picture. Public, as its address
// is written into dashboards and webhooks, and not to be guessed.
#pragma once

#include "api/routes.hpp"

namespace hw::api {

Result<Work> avatar(const Call& call);

}  // namespace hw::api
