// SPDX-License-Identifier: Apache-2.0
// A claim becomes a domain when the name's own records say so. Whoever controls the records
// decides: the domain of another workspace that once proved it goes back to being a claim.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/domains.hpp"

namespace hw {

// What the name servers say.
struct DomainRecords {
    std::vector<std::string> texts;   // of token_name(slug)
    std::vector<std::string> cnames;  // of the slug
};

// Operator, because it looks at the claims of all workspaces. The domain as it is now; still a
// claim when the records prove nothing. A CNAME to one of `app_hosts` proves it while no other
// workspace claims the name; the token proves it always. 409 for a domain that the operator gave to
// another workspace.
Result<Domain> verify_domain(Tx& tx, std::string_view workspace_id, std::string_view slug,
                             const DomainRecords& records,
                             const std::vector<std::string>& app_hosts);

}  // namespace hw
