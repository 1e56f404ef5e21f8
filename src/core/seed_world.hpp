// SPDX-License-Identifier: Apache-2.0
// Workspaces with all that belongs to them, as a seed file names them. Seeding the
// same again changes nothing: what is there is found by the name that users know it by.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "core/link_fields.hpp"
#include "core/payment_connections.hpp"
#include "core/seed_program.hpp"
#include "store/customers.hpp"
#include "store/folders.hpp"
#include "store/fx_rates.hpp"
#include "store/links.hpp"
#include "store/tags.hpp"
#include "store/tx.hpp"
#include "store/webhooks.hpp"
#include "store/workspaces.hpp"

namespace hw {

struct SeedKey {
    std::string secret;
    std::string scopes;
    std::string name;
};

struct SeedIngestToken {
    std::string token;
    std::string kind;  // public, secret, test
    std::string name;
};

// An empty id means: made when there is no such row yet. A time of 0 means now.
struct SeedWorkspace {
    std::string path;  // where it stands in the file, for errors: "workspaces[0]"
    Workspace workspace;
    std::vector<SeedKey> api_keys;
    std::vector<SeedIngestToken> ingest_tokens;
    std::vector<Domain> domains;
    std::vector<Link> links;  // without a domain: the primary one; without a key: from the URL
    std::vector<Customer> customers;
    std::vector<Tag> tags;
    std::vector<Folder> folders;
    std::vector<Webhook> webhooks;                          // without a secret: made
    std::vector<NewPaymentConnection> payment_connections;  // an id is needed
    // By position in `links`: what says which tags a link has. Shorter when the rest have none.
    std::vector<LinkFields> link_tags;
    SeedProgramme programme;
};

struct SeedWorld {
    std::vector<SeedWorkspace> workspaces;
    std::vector<StoredRate> fx_rates;
};

struct SeedCounts {
    SeedTally workspaces;
    SeedTally api_keys;
    SeedTally ingest_tokens;
    SeedTally domains;
    SeedTally links;
    SeedTally customers;
    SeedTally tags;
    SeedTally folders;
    SeedTally webhooks;
    SeedTally payment_connections;
    SeedProgrammeCounts programme;

    void add(const SeedCounts& other);
};

// Stores what is not there yet; `seed` went through normalize_seed (core/normalize_seed.hpp).
// Conflict names the row that contradicts the file. The transaction is the operator's, because
// names may belong to other workspaces.
Result<SeedCounts> seed_workspace(Tx& tx, const SeedWorkspace& seed);

}  // namespace hw
