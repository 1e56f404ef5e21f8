// SPDX-License-Identifier: Apache-2.0
#include "core/payment_connections.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"

namespace hw {
namespace {

std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::UnprocessableEntity, std::move(message), "invalid_connection");
}

std::string random_hex(Env& env) {
    return fmt::format("{:016x}{:016x}", env.random_64(), env.random_64());
}

Result<void> check_id(std::string_view id) {
    const bool good = std::ranges::all_of(id, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_' || c == '-';
    });
    if (good && !id.empty() && id.size() <= limits::kPaymentConnectionIdMax) return {};
    return invalid(fmt::format("id: received \"{}\"; expected 1 to {} of [A-Za-z0-9_-]", id,
                               limits::kPaymentConnectionIdMax));
}

Result<void> check_secret(std::string_view secret) {
    const bool printable =
        std::ranges::all_of(secret, [](char c) { return c > ' ' && c < '\x7f'; });
    if (printable && secret.size() >= limits::kPaymentSecretCharactersMin &&
        secret.size() <= limits::kPaymentSecretCharactersMax) {
        return {};
    }
    return invalid(fmt::format("secret: received {} characters; expected {} to {} without blanks",
                               secret.size(), limits::kPaymentSecretCharactersMin,
                               limits::kPaymentSecretCharactersMax));
}

std::unexpected<Error> secret_taken() {
    return fail(ErrorCode::Conflict,
                "secret: a connection of this server has this secret already; every connection "
                "needs one of its own",
                "secret_taken");
}

Result<void> check_new(Tx& tx, const NewPaymentConnection& input) {
    if (input.mode != "live" && input.mode != "test") {
        return invalid(
            fmt::format("mode: received \"{}\"; expected \"live\" or \"test\"", input.mode));
    }
    if (input.secrets.size() > limits::kPaymentSecretsMax) {
        return invalid(fmt::format("secrets: received {}; at most {} are in use at once",
                                   input.secrets.size(), limits::kPaymentSecretsMax));
    }
    if (list_payment_connections(tx, tx.workspace_id()).size() >= limits::kPaymentConnectionsMax) {
        return fail(ErrorCode::Conflict,
                    fmt::format("The workspace has {} connections, the most that it may have. "
                                "Delete one first.",
                                limits::kPaymentConnectionsMax),
                    "too_many_connections");
    }
    for (const auto& secret : input.secrets) HW_CHECK(check_secret(secret));
    return {};
}

}  // namespace

Result<PaymentConnection> create_payment_connection(Tx& tx, const NewPaymentConnection& input) {
    HW_CHECK(check_new(tx, input));
    PaymentConnection connection;
    connection.connection_id =
        input.connection_id.empty() ? random_hex(tx.env()) : input.connection_id;
    HW_CHECK(check_id(connection.connection_id));
    connection.workspace_id = tx.workspace_id();
    connection.provider = input.provider;
    connection.mode = input.mode;
    connection.created_at_ms = tx.now_ms();
    if (!insert_payment_connection(tx, connection)) {
        return fail(ErrorCode::Conflict,
                    fmt::format("id: a connection \"{}\" exists already", connection.connection_id),
                    "connection_exists");
    }
    for (std::size_t i = 0; i < input.secrets.size(); ++i) {
        const auto until_ms =
            i == 0 ? std::nullopt
                   : std::optional(tx.now_ms() + limits::kWebhookRotationHoursMax * 3'600'000);
        if (!insert_payment_secret(tx, connection, input.secrets[i], until_ms)) {
            return secret_taken();
        }
    }
    return connection;
}

Result<PaymentConnection> get_payment_connection(Tx& tx, std::string_view connection_id) {
    auto connection = find_payment_connection(tx, connection_id);
    if (!connection || connection->deleted_at_ms || connection->workspace_id != tx.workspace_id()) {
        return fail(ErrorCode::NotFound, "Payment connection not found.", "connection_not_found");
    }
    return std::move(*connection);
}

Result<std::string> delete_payment_connection(Tx& tx, const std::string& connection_id) {
    const auto connection = HW_TRY(get_payment_connection(tx, connection_id));
    remove_payment_connection(tx, connection.connection_id);
    return connection.connection_id;
}

Result<PaymentConnection> rotate_payment_secret(Tx& tx, std::string_view connection_id,
                                                const std::string& secret, std::int64_t keep_ms) {
    const auto connection = HW_TRY(get_payment_connection(tx, connection_id));
    HW_CHECK(check_secret(secret));
    const auto before = list_payment_secrets(tx, connection);
    // The one in use stays for a while; one that was on its way out goes now.
    for (std::size_t i = 0; i < before.size(); ++i) {
        const bool in_use = !before[i].until_ms;
        end_payment_secret(tx, connection, before[i].secret,
                           in_use ? tx.now_ms() + keep_ms : tx.now_ms());
    }
    delete_ended_secrets(tx, connection);
    if (!insert_payment_secret(tx, connection, secret)) return secret_taken();
    return connection;
}

}  // namespace hw
