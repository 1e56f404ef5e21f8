// SPDX-License-Identifier: Apache-2.0
#include "api/receive_hook.hpp"

#include <algorithm>
#include <memory>

#include "api/api.hpp"
#include "api/json.hpp"
#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "core/decide_quarantine.hpp"
#include "core/payment_accounts.hpp"
#include "core/receive_delivery.hpp"
#include "store/inbox.hpp"

namespace hw::api {
namespace {

struct Hook {
    PaymentConnection connection;
    std::vector<std::string> secrets;
};

// One delivery between its arrival and its answer.
struct Delivery {
    Api& api;
    const Request& request;
    Reply reply;
    const PaymentProvider* provider;
    InboundMessage message{};
    Hook hook{};
    std::string verdict{};  // in the answer to what is set aside
    SetAside set_aside{};

    void refuse(const Error& error) { reply(error_response(error, ErrorShape::Problem)); }
};

using Deliveries = std::unique_ptr<Delivery>;

Error unknown_address() {
    return {ErrorCode::NotFound,
            "No payment connection has this address. GET /payment-connections tells the addresses "
            "there are.",
            "connection_not_found"};
}

Response json_response(const json::object& body, int status) {
    return {.status = status, .body = json::serialize(body), .content_type = "application/json"};
}

Result<Hook> find_hook(Tx& tx, std::string_view provider, std::string_view connection_id) {
    auto connection = find_payment_connection(tx, connection_id);
    if (!connection || connection->deleted_at_ms || connection->provider != provider) {
        return std::unexpected(unknown_address());
    }
    Hook hook{.connection = std::move(*connection), .secrets = {}};
    for (auto& each : list_payment_secrets(tx, hook.connection)) {
        hook.secrets.push_back(std::move(each.secret));
    }
    return hook;
}

// As it may be stored: no address of anybody is among these headers.
KeptHeaders kept_headers(const Request& request, const PaymentProvider& provider) {
    std::vector<std::string_view> names{"Content-Type", "User-Agent"};
    const auto own = provider.kept_headers();
    names.insert(names.end(), own.begin(), own.end());
    KeptHeaders kept;
    for (const auto name : names) {
        if (!request.has_header(name)) continue;
        auto value = valid_utf8(utf8_prefix(request.header(name), limits::kKeptHeaderBytesMax));
        std::erase(value, '\0');
        kept.emplace_back(name, std::move(value));
    }
    return kept;
}

Response received_response(const ReceivedDelivery& received) {
    json::object body{{"received", true}};
    if (received.duplicate) body["duplicate"] = true;
    return json_response(body, 200);
}

// 400, so that the processor sends it again: by then the secret may be right.
void quarantine(Deliveries delivery) {
    auto& api = delivery->api;
    const auto& kept = *delivery;
    const auto workspace_id = kept.hook.connection.workspace_id;
    api.db().write<bool>(
        workspace_id,
        [&kept](Tx& tx) -> Result<bool> {
            quarantine_delivery(tx, kept.hook.connection, kept.message, kept.set_aside);
            return true;
        },
        [delivery = std::move(delivery)](Result<bool> done) mutable {
            if (!done) return delivery->refuse(done.error());
            const json::object body{{"error", delivery->verdict},
                                    {"reason", delivery->set_aside.reason}};
            delivery->reply(json_response(body, 400));
        });
}

// Whose it could be: who decides about it is told that.
void guess(Deliveries delivery) {
    using Candidates = std::vector<DeliveryCandidate>;
    auto& api = delivery->api;
    const auto& kept = *delivery;
    api.db().read<Candidates>(
        std::string(kOperator),
        [&kept](Tx& tx) -> Result<Candidates> {
            return delivery_candidates(tx, kept.hook.connection, kept.set_aside.claims);
        },
        [delivery = std::move(delivery)](Result<Candidates> found) mutable {
            if (!found) return delivery->refuse(found.error());
            delivery->set_aside.candidates = std::move(*found);
            quarantine(std::move(delivery));
        });
}

// The operator's choice for a server with one workspace; anywhere else nothing is accepted.
void accept_or_guess(Deliveries delivery) {
    using Accepted = std::optional<ReceivedDelivery>;
    auto& api = delivery->api;
    const auto& kept = *delivery;
    api.db().write<Accepted>(
        std::string(kOperator),
        [&kept](Tx& tx) -> Result<Accepted> {
            return accept_unverified(tx, *kept.provider, kept.hook.connection, kept.message,
                                     kept.set_aside.reason);
        },
        [delivery = std::move(delivery)](Result<Accepted> accepted) mutable {
            if (!accepted) return delivery->refuse(accepted.error());
            if (*accepted) return delivery->reply(received_response(**accepted));
            guess(std::move(delivery));
        });
}

void set_aside(Deliveries delivery, std::string_view verdict, std::string reason) {
    auto& api = delivery->api;
    delivery->verdict = verdict;
    delivery->set_aside.reason = std::move(reason);
    delivery->set_aside.claims = read_claims(*delivery->provider, delivery->message);
    api.visitors().with_salts(
        [&api, delivery = std::move(delivery)](std::optional<Error> failed) mutable {
            if (failed) return delivery->refuse(*failed);
            delivery->set_aside.address = api.visitors().addresses_of(delivery->request).today;
            const bool accepts = api.options().accept_unverified_hooks;
            accepts ? accept_or_guess(std::move(delivery)) : guess(std::move(delivery));
        });
}

void keep(Deliveries delivery, DeliveryHead head) {
    auto& api = delivery->api;
    const auto& kept = *delivery;
    const auto workspace_id = kept.hook.connection.workspace_id;
    api.db().write<ReceivedDelivery>(
        workspace_id,
        [&kept, head = std::move(head)](Tx& tx) -> Result<ReceivedDelivery> {
            return receive_delivery(tx, kept.hook.connection, kept.message, head);
        },
        [delivery = std::move(delivery)](Result<ReceivedDelivery> received) mutable {
            if (!received) return delivery->refuse(received.error());
            delivery->reply(received_response(*received));
        });
}

// A platform's secret vouches for all of its accounts, which may be other workspaces'.
void keep_for_account(Deliveries delivery, DeliveryHead head) {
    auto& api = delivery->api;
    const auto& kept = *delivery;
    auto account = head.account;
    api.db().read<PaymentConnection>(
        std::string(kOperator),
        [&kept, account = std::move(account)](Tx& tx) -> Result<PaymentConnection> {
            return connection_of_account(tx, kept.hook.connection, account);
        },
        [delivery = std::move(delivery),
         head = std::move(head)](Result<PaymentConnection> owner) mutable {
            if (!owner) return delivery->refuse(owner.error());
            delivery->hook.connection = std::move(*owner);
            keep(std::move(delivery), std::move(head));
        });
}

void look_at(Deliveries delivery) {
    const auto& request = delivery->request;
    const auto verdict = delivery->api.count_hook(delivery->hook.connection.connection_id);
    if (!verdict.allowed()) {
        auto response = error_response({ErrorCode::RateLimitExceeded,
                                        "Too many deliveries to this connection.", "rate_limited"},
                                       ErrorShape::Problem);
        tell_rate(verdict, response);
        return delivery->reply(std::move(response));
    }
    auto& message = delivery->message;
    message.body = request.body;
    message.headers = kept_headers(request, *delivery->provider);
    message.received_at_ms = delivery->api.env().now_ms();
    const auto signed_by = delivery->provider->verify(message, delivery->hook.secrets);
    if (!signed_by) {
        return set_aside(std::move(delivery), "signature_verification_failed",
                         signed_by.error().reason);
    }
    auto head = delivery->provider->read_head(message);
    if (!head) return set_aside(std::move(delivery), "not_an_event", head.error().reason);
    if (head->account.empty()) return keep(std::move(delivery), std::move(*head));
    keep_for_account(std::move(delivery), std::move(*head));
}

}  // namespace

void receive_hook(Api& api, const Request& request, Reply reply) {
    const auto match = match_route(request.method, without_api_prefix(request.path));
    const auto* provider = find_provider(api.options().providers, match.parameters.at(0));
    auto delivery = std::make_unique<Delivery>(Delivery{api, request, std::move(reply), provider});
    if (provider == nullptr) return delivery->refuse(unknown_address());
    if (request.body.size() > limits::kBodyBytesMax) {
        return delivery->refuse({ErrorCode::PayloadTooLarge,
                                 "The body is longer than 1048576 bytes.", "body_too_large"});
    }
    api.db().read<Hook>(
        std::string(kOperator),
        [provider, connection_id = match.parameters.at(1)](Tx& tx) -> Result<Hook> {
            return find_hook(tx, provider->name(), connection_id);
        },
        [delivery = std::move(delivery)](Result<Hook> found) mutable {
            if (!found) return delivery->refuse(found.error());
            delivery->hook = std::move(*found);
            look_at(std::move(delivery));
        });
}

}  // namespace hw::api
