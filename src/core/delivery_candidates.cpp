// SPDX-License-Identifier: Apache-2.0
#include "core/delivery_candidates.hpp"

#include <array>
#include <optional>

#include "core/fraud_signs.hpp"
#include "store/candidate_workspaces.hpp"
#include "store/domains.hpp"
#include "store/payment_accounts.hpp"

namespace hw {
namespace {

// How companies name the hosts of their links: below their own domain.
constexpr std::array<std::string_view, 8> kLinkHosts = {"",       "go.",  "link.",     "links.",
                                                        "refer.", "ref.", "partners.", "www."};

std::optional<std::string> workspace_of_domain(Tx& tx, const std::string& domain) {
    for (const auto prefix : kLinkHosts) {
        auto found = find_domain(tx, std::string(prefix) + domain);
        if (found) return std::move(found->workspace_id);
    }
    return find_program_workspace(tx, domain);
}

std::optional<std::string> workspace_of_email(Tx& tx, std::string_view email) {
    const auto domain = telling_domain(email);
    return domain ? workspace_of_domain(tx, *domain) : std::nullopt;
}

std::optional<std::string> workspace_of_account(Tx& tx, const PaymentConnection& connection,
                                                const std::string& account) {
    if (account.empty()) return std::nullopt;
    auto found = find_payment_account(tx, connection.provider, account);
    if (!found) return std::nullopt;
    return std::move(found->workspace_id);
}

}  // namespace

DeliveryClaims read_claims(const PaymentProvider& provider, const InboundMessage& message) {
    DeliveryClaims claims;
    const auto head = provider.read_head(message);
    if (!head) return claims;
    claims.delivery_id = head->delivery_id;
    claims.event_type = head->event_type;
    claims.account = head->account;
    const auto facts = provider.read_facts(message);
    if (!facts) return claims;
    for (const auto& fact : *facts) {
        if (claims.email.empty()) claims.email = fact.email;
    }
    return claims;
}

std::vector<DeliveryCandidate> delivery_candidates(Tx& tx, const PaymentConnection& connection,
                                                   const DeliveryClaims& claims) {
    std::vector<DeliveryCandidate> candidates;
    const auto add = [&](std::string_view rung, std::optional<std::string> workspace_id) {
        if (workspace_id) candidates.push_back({std::string(rung), std::move(*workspace_id)});
    };
    add("connection", connection.workspace_id);
    add("account", workspace_of_account(tx, connection, claims.account));
    add("email_domain", workspace_of_email(tx, claims.email));
    add("first_workspace_with_secret", first_workspace_with_payment_secret(tx));
    const auto oldest = list_oldest_workspaces(tx, 1);
    if (!oldest.empty()) add("first_workspace", oldest.front());
    return candidates;
}

}  // namespace hw
