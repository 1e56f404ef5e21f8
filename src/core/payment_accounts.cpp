// SPDX-License-Identifier: Apache-2.0
#include "core/payment_accounts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"

namespace hw {
namespace {

std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::UnprocessableEntity, std::move(message), "invalid_account");
}

Result<void> check_account(std::string_view id) {
    const bool printable = std::ranges::all_of(id, [](char c) { return c > ' ' && c < '\x7f'; });
    if (printable && !id.empty() && id.size() <= limits::kPaymentAccountIdMax) return {};
    return invalid(
        fmt::format("account: received \"{}\"; expected 1 to {} characters without "
                    "blanks, for example acct_1Mv0WnI1fYMvQK",
                    id, limits::kPaymentAccountIdMax));
}

Result<PaymentConnection> live_connection(Tx& tx, std::string_view field, std::string_view id) {
    auto connection = find_payment_connection(tx, id);
    if (connection && !connection->deleted_at_ms) return std::move(*connection);
    return fail(ErrorCode::NotFound,
                fmt::format("{}: there is no payment connection \"{}\"", field, id),
                "connection_not_found");
}

}  // namespace

Result<PaymentAccount> assign_payment_account(Tx& tx, const AssignAccount& input) {
    HW_CHECK(check_account(input.account_id));
    const auto via = HW_TRY(live_connection(tx, "via", input.via_connection_id));
    const auto to = HW_TRY(live_connection(tx, "to", input.connection_id));
    if (via.provider != to.provider) {
        return invalid(fmt::format("to: is a connection of {}; {} is one of {}", to.provider,
                                   via.connection_id, via.provider));
    }
    PaymentAccount account;
    account.provider = via.provider;
    account.account_id = input.account_id;
    account.workspace_id = to.workspace_id;
    account.connection_id = to.connection_id;
    account.via_connection_id = via.connection_id;
    account.created_at_ms = tx.now_ms();
    if (insert_payment_account(tx, account)) return account;
    auto stored = find_payment_account(tx, account.provider, account.account_id);
    const bool same = stored && stored->connection_id == account.connection_id &&
                      stored->via_connection_id == account.via_connection_id;
    if (same) return std::move(*stored);
    return fail(ErrorCode::Conflict,
                fmt::format("account: {} of {} belongs to the connection {} already; remove it "
                            "there first",
                            account.account_id, account.provider,
                            stored ? stored->connection_id : "of somebody"),
                "account_taken");
}

Result<PaymentAccount> remove_payment_account(Tx& tx, std::string_view provider,
                                              std::string_view account_id) {
    auto stored = find_payment_account(tx, provider, account_id);
    if (stored && delete_payment_account(tx, *stored)) return std::move(*stored);
    return fail(ErrorCode::NotFound,
                fmt::format("account: {} of {} belongs to no connection", account_id, provider),
                "account_not_found");
}

PaymentConnection connection_of_account(Tx& tx, const PaymentConnection& via,
                                        std::string_view account_id) {
    if (account_id.empty()) return via;
    const auto account = find_payment_account(tx, via.provider, account_id);
    if (!account || account->via_connection_id != via.connection_id) return via;
    auto connection = find_payment_connection(tx, account->connection_id);
    return connection && !connection->deleted_at_ms ? std::move(*connection) : via;
}

}  // namespace hw
