// SPDX-License-Identifier: Apache-2.0
#include "api/payment_connections.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/query.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "core/payment_connections.hpp"
#include "core/receive_delivery.hpp"
#include "store/inbox.hpp"
#include "store/payment_accounts.hpp"

namespace hw::api {
namespace {

constexpr TextRule kGiven{.trim = true, .nullable = false};
constexpr std::int64_t kRotationHours = 24;  // Stripe lets a rolled secret live that long

json::array accounts_of(Tx& tx, const PaymentConnection& connection) {
    json::array accounts;
    for (const auto& each : list_payment_accounts(tx, connection.workspace_id)) {
        if (each.connection_id != connection.connection_id) continue;
        accounts.push_back(json::value(each.account_id));
    }
    return accounts;
}

// `vouched_for`: it has a secret, or a platform's secret signs for its accounts.
std::string_view warning_of(const PaymentConnection& connection, bool vouched_for) {
    if (!vouched_for) {
        return "No secret yet: what arrives waits in quarantine. Set it with POST "
               "/payment-connections/{id}/rotate-secret.";
    }
    if (connection.thin_at_ms) {
        return "Thin events arrive, which name objects and tell no amounts. Make the destination "
               "send snapshot payloads.";
    }
    return "";
}

json::object connection_json(Tx& tx, const PaymentConnection& connection,
                             const std::string& server_url) {
    json::array secrets;
    bool has_secret = false;
    for (const auto& secret : list_payment_secrets(tx, connection)) {
        has_secret = has_secret || !secret.until_ms;
        secrets.push_back(json::object{{"createdAt", time_or_null(secret.created_at_ms)},
                                       {"validUntil", time_or_null(secret.until_ms)}});
    }
    auto accounts = accounts_of(tx, connection);
    const auto warning = warning_of(connection, has_secret || !accounts.empty());
    const auto url =
        fmt::format("{}/hooks/{}/{}", server_url, connection.provider, connection.connection_id);
    return {{"id", connection.connection_id},
            {"provider", connection.provider},
            {"mode", connection.mode},
            {"url", url},
            {"secrets", std::move(secrets)},
            {"accounts", std::move(accounts)},
            {"warning", warning.empty() ? json::value(nullptr) : json::value(warning)},
            {"createdAt", time_or_null(connection.created_at_ms)}};
}

json::value word_or_null(const std::string& word) {
    return word.empty() ? json::value(nullptr) : json::value(word);
}

json::object delivery_json(const InboxRow& row) {
    return {{"id", row.inbox_id},
            {"deliveryId", row.delivery_id},
            {"event", row.event_type},
            {"state", row.state},
            {"reason", word_or_null(row.reason)},
            {"acceptedBy", word_or_null(row.accepted_by)},
            {"duplicates", row.duplicates},
            {"receivedAt", time_or_null(row.received_at_ms)},
            {"settledAt", time_or_null(row.settled_at_ms)}};
}

Result<std::string> read_provider(const json::object& body, const Call& call) {
    auto name = HW_TRY(required_text(body, "provider", kGiven));
    if (find_provider(call.options.providers, name) != nullptr) return name;
    std::vector<std::string_view> known;
    for (const auto* provider : call.options.providers) known.push_back(provider->name());
    return std::unexpected(
        invalid_field("invalid_value", "provider",
                      fmt::format("Received \"{}\". Deliveries of \"{}\" can be read.", name,
                                  fmt::join(known, "\", \""))));
}

// The secret in use first. `secret` and `secrets` are one.
Result<std::vector<std::string>> read_secrets(const json::object& body) {
    auto secrets = HW_TRY(optional_texts(body, "secrets")).value_or(std::vector<std::string>{});
    auto secret = HW_TRY(optional_text(body, "secret", kGiven));
    if (secret) secrets.insert(secrets.begin(), std::move(*secret));
    return secrets;
}

// Of the operator, because what a platform's secret vouches for may be another workspace's.
VerifiedQuarantine verify_waiting(Tx& whole, const Call& call,
                                  const PaymentConnection& connection) {
    const auto* provider = find_provider(call.options.providers, connection.provider);
    if (provider == nullptr) return {};
    return verify_quarantine(whole, *provider, connection);
}

}  // namespace

Result<Work> list_payment_connections(const Call& call) {
    return Work{Work::Mode::Read, [url = call.server_url()](Tx& tx) -> Result<Answer> {
                    json::array connections;
                    for (const auto& each : hw::list_payment_connections(tx, tx.workspace_id())) {
                        connections.push_back(connection_json(tx, each, url));
                    }
                    return json_answer(json::serialize(connections));
                }};
}

Result<Work> create_payment_connection(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    NewPaymentConnection input;
    input.provider = HW_TRY(read_provider(body, call));
    input.mode = HW_TRY(option_text(body, "mode", {"live", "test"}, "live"));
    input.secrets = HW_TRY(read_secrets(body));
    return Work{Work::Mode::Write,
                [input = std::move(input), url = call.server_url()](Tx& tx) -> Result<Answer> {
                    const auto made = HW_TRY(hw::create_payment_connection(tx, input));
                    return json_answer(json::serialize(connection_json(tx, made, url)), 201);
                }};
}

Result<Work> get_payment_connection(const Call& call) {
    return Work{Work::Mode::Read,
                [id = call.parameters.at(0), url = call.server_url()](Tx& tx) -> Result<Answer> {
                    const auto found = HW_TRY(hw::get_payment_connection(tx, id));
                    return json_answer(json::serialize(connection_json(tx, found, url)));
                }};
}

Result<Work> delete_payment_connection(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto gone = HW_TRY(hw::delete_payment_connection(tx, id));
                    return json_answer(json::serialize(json::object{{"id", gone}}));
                }};
}

Result<Work> rotate_payment_secret(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto secret = HW_TRY(required_text(body, "secret", kGiven));
    const auto hours =
        HW_TRY(optional_int(body, "keepHours",
                            {.min = 0,
                             .max = limits::kWebhookRotationHoursMax,
                             .too_small_message = "Too small: expected number to be >=0",
                             .too_big_message = "Too big: expected number to be <=168"}))
            .value_or(kRotationHours);
    return Work{.mode = Work::Mode::Write,
                .step = [&call, secret = std::move(secret), keep_ms = hours * kHourMs,
                         url = call.server_url()](Tx& whole) -> Result<Answer> {
                    Tx tx(whole, call.workspace().workspace_id);
                    const auto done = HW_TRY(
                        hw::rotate_payment_secret(tx, call.parameters.at(0), secret, keep_ms));
                    auto answer = connection_json(tx, done, url);
                    // What waited for this secret is received now.
                    answer["accepted"] = verify_waiting(whole, call, done).accepted;
                    return json_answer(json::serialize(answer));
                },
                .as_operator = true};
}

Result<Work> list_payment_deliveries(const Call& call) {
    const auto query = call.request.query;
    InboxFilter filter{.connection_id = call.parameters.at(0), .state = {}, .before = {}};
    filter.state =
        HW_TRY(query_option(query, "state", {"received", "processed", "ignored", "dead"}, ""));
    filter.before = HW_TRY(query_text(query, "startingAfter")).value_or("");
    filter.limit = HW_TRY(query_page_size(query));
    return Work{Work::Mode::Read, [filter = std::move(filter)](Tx& tx) -> Result<Answer> {
                    HW_TRY(hw::get_payment_connection(tx, filter.connection_id));
                    json::array deliveries;
                    for (const auto& row : list_inbox(tx, filter)) {
                        deliveries.push_back(delivery_json(row));
                    }
                    return json_answer(json::serialize(deliveries));
                }};
}

Result<Work> verify_payment_quarantine(const Call& call) {
    return Work{.mode = Work::Mode::Write,
                .step = [&call](Tx& whole) -> Result<Answer> {
                    Tx tx(whole, call.workspace().workspace_id);
                    const auto connection =
                        HW_TRY(hw::get_payment_connection(tx, call.parameters.at(0)));
                    const auto verified = verify_waiting(whole, call, connection);
                    return json_answer(json::serialize(
                        json::object{{"accepted", verified.accepted}, {"left", verified.left}}));
                },
                .as_operator = true};
}

}  // namespace hw::api
