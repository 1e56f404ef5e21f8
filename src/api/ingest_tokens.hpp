// SPDX-License-Identifier: Apache-2.0
// /ingest-tokens: the tokens of websites and shops.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_ingest_tokens(const Call& call);
Result<Work> create_ingest_token(const Call& call);
Result<Work> revoke_ingest_token(const Call& call);

}  // namespace hw::api
