// SPDX-License-Identifier: Apache-2.0
// Host names of short links. A verified one is in a directory of the whole server and belongs to
// one workspace; until then it is a claim, which any number of workspaces may make.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Domain {
    std::string slug;  // host name, lower case
    std::string workspace_id;
    std::string domain_id;
    bool primary = false;
    std::int64_t created_at_ms = 0;
    bool verified = true;
    bool archived = false;
    std::optional<std::string> placeholder{};  // example of a destination, for people
    std::optional<std::string> expired_url{};  // of links that name none
    std::optional<std::string> not_found_url{};
    std::optional<std::string> logo{};
    std::optional<std::string> asset_links{};                 // JSON
    std::optional<std::string> apple_app_site_association{};  // JSON
    std::string token{};  // in the TXT record that proves ownership; empty: no proof was asked
    std::int64_t updated_at_ms = 0;  // 0: never
};

// False when the name is taken: of a verified domain by anybody, of a claim by the same workspace.
bool insert_domain(Tx& tx, const Domain& domain);

// Everything but slug, workspace, id and creation.
void update_domain(Tx& tx, const Domain& domain);

// The claim becomes the domain; false when another workspace was first.
bool verify_domain(Tx& tx, const Domain& claim);

// The other way round: its links are kept, but nobody is sent on any more.
void unverify_domain(Tx& tx, const Domain& domain);

// How many workspaces claim it. Operator.
std::int64_t count_domain_claims(Tx& tx, std::string_view slug);

// With all of its links.
void delete_domain(Tx& tx, const Domain& domain);

std::optional<Domain> find_domain(Tx& tx, std::string_view slug);  // operator; verified ones only

// The workspace's domain or claim.
std::optional<Domain> find_own_domain(Tx& tx, std::string_view workspace_id, std::string_view slug);

// Claims as well; primary first.
std::vector<Domain> list_domains(Tx& tx, std::string_view workspace_id);

}  // namespace hw
