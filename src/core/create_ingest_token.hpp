// SPDX-License-Identifier: Apache-2.0
// Tokens for /api/ingest and /api/revenue. A token is told once, when it is made; only its hash is
// stored.
#pragma once

#include <string>

#include "base/error.hpp"
#include "store/ingest_tokens.hpp"

namespace hw {

struct NewIngestToken {
    std::string workspace_id;
    std::string kind;  // public: page views; secret: revenue too; test: as secret, never in totals
    std::string name{};
    std::string token{};  // one that pages have already and that is taken over. Empty: made
};

struct CreatedIngestToken {
    IngestToken token;
    std::string secret;
};

// 409 when it is a token of some workspace already.
Result<CreatedIngestToken> create_ingest_token(Tx& tx, const NewIngestToken& input);

// No longer accepted, from now on. NotFound when the workspace has none of that id.
Result<IngestToken> revoke_ingest_token_of(Tx& tx, std::string_view token_id);

}  // namespace hw
