// SPDX-License-Identifier: Apache-2.0
// A workspace says that a host name is its own. Its links wait until it has shown that.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "core/link_fields.hpp"
#include "store/domains.hpp"

namespace hw {

struct DomainFields {
    std::optional<bool> archived;
    Patch<std::string> placeholder;
    Patch<std::string> expired_url;
    Patch<std::string> not_found_url;
    Patch<std::string> logo;
    Patch<std::string> asset_links;                 // JSON
    Patch<std::string> apple_app_site_association;  // JSON
};

// Destinations are normalized; 422 for those that are none.
Result<void> apply_fields(const DomainFields& fields, Domain& domain);

// 409 when the workspace has it already. Claims of others are no obstacle.
Result<Domain> claim_domain(Tx& tx, std::string_view host, const DomainFields& fields);

// The workspace's domain or claim; 404.
Result<Domain> find_named_domain(Tx& tx, std::string_view workspace_id, std::string_view slug);

// The name whose TXT record must hold the domain's token.
std::string token_name(std::string_view slug);

}  // namespace hw
