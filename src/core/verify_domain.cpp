// SPDX-License-Identifier: Apache-2.0
#include "core/verify_domain.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "core/claim_domain.hpp"

namespace hw {

Result<Domain> verify_domain(Tx& tx, std::string_view workspace_id, std::string_view slug,
                             const DomainRecords& records,
                             const std::vector<std::string>& app_hosts) {
    auto claim = HW_TRY(find_named_domain(tx, workspace_id, slug));
    if (claim.verified) return claim;
    const bool by_token = std::ranges::any_of(
        records.texts, [&](const std::string& text) { return equal_secret(text, claim.token); });
    const bool by_name = std::ranges::any_of(records.cnames, [&](const std::string& name) {
        return std::ranges::find(app_hosts, name) != app_hosts.end();
    });
    const auto holder = find_domain(tx, claim.slug);
    const bool alone = !holder && count_domain_claims(tx, claim.slug) == 1;
    if (!by_token && !(by_name && alone)) return claim;
    if (holder && holder->token.empty()) {
        return fail(ErrorCode::Conflict,
                    "The domain '" + claim.slug +
                        "' was given to another workspace by the operator of this server.",
                    "domain_of_operator");
    }
    if (holder) unverify_domain(tx, *holder);
    verify_domain(tx, claim);
    claim.verified = true;
    return claim;
}

}  // namespace hw
