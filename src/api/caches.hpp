// SPDX-License-Identifier: Apache-2.0
// What the server remembers between requests, and how a write anywhere makes it forget. Made before
// the database, which calls invalidate().
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/bounded_cache.hpp"
#include "api/prepared_link.hpp"
#include "base/limits.hpp"
#include "store/ingest_tokens.hpp"
#include "store/workspaces.hpp"

namespace hw {

// Who calls: a workspace by a secret or a publishable key.
struct Caller {
    Workspace workspace;
    std::string scopes;              // space separated; empty for a publishable key
    std::int64_t expires_at_ms = 0;  // 0: never
    bool publishable = false;
    std::string api_key_id{};  // of a secret key: who decided what it decides
};

struct Caches {
    BoundedCache<PreparedLink> links{limits::kLinkCacheBytes};  // by "domain/folded key"
    BoundedCache<Caller> callers{limits::kKeyCacheBytes};  // by hash of the secret, or public key
    BoundedCache<Domain> domains{limits::kDomainCacheBytes};  // by host name

    BoundedCache<IngestToken> ingest_tokens{limits::kKeyCacheBytes};  // by hash of the token

    BoundedCache<Workspace> workspaces{limits::kDomainCacheBytes};  // by id

    // Names as in Tx::invalidate: "link:<domain>/<key>", "key:<hash>", "domain:<host>",
    // "ingest:<hash>", "workspace:<id>", and "*" for everything.
    void invalidate(std::string_view name) {
        const auto colon = name.find(':');
        const auto kind = name.substr(0, colon);
        const auto rest = colon == name.npos ? std::string_view{} : name.substr(colon + 1);
        if (kind == "link") {
            links.forget(rest);
        } else if (kind == "key") {
            callers.forget(rest);
        } else if (kind == "ingest") {
            ingest_tokens.forget(rest);
        } else if (kind == "domain") {
            // Links of the domain may have been looked up before it existed.
            domains.forget(rest);
            links.forget_all();
        } else {
            links.forget_all();
            callers.forget_all();
            ingest_tokens.forget_all();
            domains.forget_all();
            workspaces.forget_all();
        }
    }
};

}  // namespace hw
