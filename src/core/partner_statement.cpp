// SPDX-License-Identifier: Apache-2.0
#include "core/partner_statement.hpp"

#include <fmt/format.h>

#include "base/ed25519.hpp"
#include "base/limits.hpp"
#include "store/signing_keys.hpp"

namespace hw {

Result<PartnerStatement> partner_statement(Tx& tx, const std::string& partner_id) {
    auto partner = find_partner(tx, tx.workspace_id(), partner_id);
    if (!partner) {
        return fail(ErrorCode::NotFound, fmt::format("There is no partner {}.", partner_id),
                    "partner_not_found");
    }
    PartnerStatement statement{
        .partner = std::move(*partner),
        .made_at_ms = tx.now_ms(),
        .balances = list_balances(tx, tx.workspace_id(), fmt::format("partner:{}:", partner_id)),
        .transactions = {}};
    auto transactions = list_ledger_of_partner(tx, tx.workspace_id(), partner_id, "",
                                               limits::kStatementTransactionsMax + 1);
    if (std::ssize(transactions) > limits::kStatementTransactionsMax) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("Partner {} has more than {} transactions: read them by "
                                "/ledger/transactions.",
                                partner_id, limits::kStatementTransactionsMax),
                    "statement_too_long");
    }
    for (auto& transaction : transactions) {
        auto seal = seal_of(tx, tx.workspace_id(), transaction.ledger_id);
        statement.transactions.push_back({std::move(transaction), std::move(seal)});
    }
    return statement;
}

std::string signing_seed(Tx& tx) {
    const auto known = find_signing_seed(tx, tx.workspace_id());
    return known ? *known : keep_signing_seed(tx, tx.workspace_id(), new_ed25519_seed(tx.env()));
}

}  // namespace hw
