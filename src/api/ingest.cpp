// SPDX-License-Identifier: Apache-2.0
#include "api/ingest.hpp"

#include <fmt/format.h>

#include <memory>

#include "api/api.hpp"
#include "api/exact_json.hpp"
#include "api/first_party.hpp"
#include "api/page_view_body.hpp"
#include "api/revenue_body.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"
#include "core/record_revenue_event.hpp"

namespace hw::api {
namespace {

enum class Path : std::uint8_t { Ingest, Revenue, Batch };

// One request on its way. The request's views live until `reply` was called.
struct Told {
    Api& api;
    const Request& request;
    Reply reply;
    json::object body{};
    IngestToken token{};
    std::size_t next = 0;  // of a batch
    json::array results{};

    void refuse(const Error& error) { reply(error_response(error, ErrorShape::Ingest)); }
    void accept(json::object answer = {{"success", true}}) {
        reply({.status = 202, .body = json::serialize(answer), .content_type = "application/json"});
    }
};
using ToldPtr = std::unique_ptr<Told>;

Error bad_request(std::string message) {
    return {ErrorCode::BadRequest, std::move(message), "invalid_body"};
}

Result<json::object> read_body(const Request& request, Path path) {
    const auto max =
        path == Path::Batch ? limits::kRevenueBatchBytesMax : limits::kIngestBodyBytesMax;
    if (request.body.size() > max) {
        return fail(ErrorCode::PayloadTooLarge,
                    fmt::format("The body must be at most {} bytes.", max), "body_too_large");
    }
    auto body = parse_exact_object(request.body);
    if (!body) return std::unexpected(bad_request("The body must be a JSON object."));
    return body;
}

// The header wins: a page's script may have been built with another token.
std::string token_of(const Told& told) {
    const auto header = told.request.header("X-API-Token");
    if (!header.empty()) return std::string(header);
    const auto* token = told.body.if_contains("token");
    return token != nullptr && token->is_string() ? std::string(token->get_string())
                                                  : std::string{};
}

Error unauthorized(std::string message) {
    return {ErrorCode::Unauthorized, std::move(message), "ingest_token"};
}

using Then = void (*)(ToldPtr);

void admit(ToldPtr told, const std::shared_ptr<const IngestToken>& token, Then then) {
    if (!token || token->revoked_at_ms) return told->refuse(unauthorized("Invalid API token"));
    told->token = *token;
    then(std::move(told));
}

void authenticate(ToldPtr told, Then then) {
    const auto text = token_of(*told);
    if (text.empty()) return told->refuse(unauthorized("Missing API token"));
    const auto hash = sha256_hex(text);
    auto& api = told->api;
    auto known = api.caches().ingest_tokens.get(hash);
    if (known.hit) return admit(std::move(told), known.value, then);
    using Found = std::shared_ptr<const IngestToken>;
    api.db().read<Found>(
        std::string(kOperator),
        [hash](Tx& tx) -> Result<Found> {
            auto token = find_ingest_token(tx, hash);
            return token ? std::make_shared<const IngestToken>(std::move(*token)) : nullptr;
        },
        [&api, hash, then, stamp = known.stamp,
         told = std::move(told)](Result<Found> found) mutable {
            if (!found) return told->refuse(found.error());
            constexpr std::size_t kBytes = sizeof(IngestToken) + 512;
            api.caches().ingest_tokens.put(hash, *found, kBytes, stamp);
            admit(std::move(told), *found, then);
        });
}

// ---- page views ----

const json::object* object_of(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

// A cookie of the shop's own, so that the visitor is known tomorrow as well.
void settle_visitor(Told& told, PageView& view) {
    if (!is_first_party(told.request) || view.fingerprint.empty() || keeps_visitor(view)) return;
    view.fingerprint = new_id("v_", view.at_ms, told.api.env());
}

void record_page(ToldPtr told, std::string_view type) {
    auto view = read_page_view(told->api.visitors(), {.request = told->request,
                                                      .type = type,
                                                      .data = *object_of(told->body, "data"),
                                                      .token = told->token,
                                                      .now_ms = told->api.env().now_ms()});
    // Browsers send what was refused again and again, and nothing would come of it.
    if (!view) {
        return told->accept({{"success", true}, {"ignored", view.error().message}});
    }
    settle_visitor(*told, *view);
    auto& api = told->api;
    auto visitor = keeps_visitor(*view) ? view->fingerprint : std::string{};
    api.page_views().record(
        std::move(*view), [told = std::move(told), visitor](const Result<bool>& recorded) mutable {
            if (!recorded) return told->refuse(recorded.error());
            Response response{
                .status = 202, .body = R"({"success":true})", .content_type = "application/json"};
            if (!visitor.empty()) keep_visitor(told->request, visitor, response);
            told->reply(std::move(response));
        });
}

void receive_page(ToldPtr told, std::string_view type) {
    auto& api = told->api;
    api.visitors().with_salts(
        [told = std::move(told), type](const std::optional<Error>& failed) mutable {
            if (failed) return told->refuse(*failed);
            record_page(std::move(told), type);
        });
}

// ---- revenue ----

json::object revenue_answer(const RecordedRevenueEvent& recorded) {
    json::object answer{{"success", true}};
    if (recorded.duplicate) answer["duplicate"] = true;
    if (recorded.warnings.empty()) return answer;
    json::array warnings;
    for (const auto& each : recorded.warnings) warnings.emplace_back(each);
    answer["warnings"] = std::move(warnings);
    return answer;
}

using RevenueDone = std::move_only_function<void(Result<RecordedRevenueEvent>)>;

void record(Told& told, const json::object& data, RevenueDone done) {
    auto event = read_revenue_event({.data = data,
                                     .token = told.token,
                                     .now_ms = told.api.env().now_ms(),
                                     .strict = told.api.options().strict_revenue});
    if (!event) return done(std::unexpected(event.error()));
    told.api.db().write<RecordedRevenueEvent>(
        told.token.workspace_id,
        [event = std::move(*event)](Tx& tx) { return record_revenue_event(tx, event); },
        std::move(done));
}

bool may_tell_revenue(const Told& told) {
    return told.token.kind != "public";
}

Error needs_secret() {
    return {ErrorCode::Forbidden, "Revenue events require secret token", "public_token"};
}

// The event in its envelope, or by itself.
const json::object& data_of(const json::object& body) {
    const auto* data = object_of(body, "data");
    return data != nullptr ? *data : body;
}

void receive_revenue(ToldPtr told) {
    if (!may_tell_revenue(*told)) return told->refuse(needs_secret());
    auto& whole = *told;
    record(whole, data_of(whole.body),
           [told = std::move(told)](Result<RecordedRevenueEvent> recorded) mutable {
               if (!recorded) return told->refuse(recorded.error());
               told->accept(revenue_answer(*recorded));
           });
}

json::object item_result(const Result<RecordedRevenueEvent>& recorded) {
    if (recorded) {
        auto result = revenue_answer(*recorded);
        result["status"] = 202;
        return result;
    }
    return {{"success", false},
            {"status", http_status(recorded.error().code)},
            {"message", recorded.error().message}};
}

// One after the other, each in a transaction of its own: what is wrong with one does not touch the
// others, and they are booked in the order in which they were told.
void record_next(ToldPtr told) {
    const auto& events = told->body.at("events").get_array();
    if (told->next == events.size()) {
        return told->accept({{"success", true}, {"results", std::move(told->results)}});
    }
    const auto& item = events[told->next++];
    auto& whole = *told;
    if (!item.is_object()) {
        told->results.push_back(
            item_result(std::unexpected(bad_request("The event must be an object."))));
        return record_next(std::move(told));
    }
    record(whole, data_of(item.get_object()),
           [told = std::move(told)](const Result<RecordedRevenueEvent>& recorded) mutable {
               told->results.push_back(item_result(recorded));
               record_next(std::move(told));
           });
}

void receive_batch(ToldPtr told) {
    if (!may_tell_revenue(*told)) return told->refuse(needs_secret());
    const auto* events = told->body.if_contains("events");
    const bool fits = events != nullptr && events->is_array() &&
                      events->get_array().size() <= limits::kRevenueBatchMax;
    if (!fits) {
        return told->refuse(bad_request(fmt::format("events must be an array of at most {} events.",
                                                    limits::kRevenueBatchMax)));
    }
    record_next(std::move(told));
}

// ---- all of them ----

void receive_any(ToldPtr told) {
    const auto* type = told->body.if_contains("type");
    if (type == nullptr || !type->is_string()) {
        return told->refuse(bad_request("The type field is required."));
    }
    if (object_of(told->body, "data") == nullptr) {
        return told->refuse(bad_request("The data field is required."));
    }
    const std::string_view name = type->get_string();
    if (name == "revenue") return receive_revenue(std::move(told));
    for (const std::string_view known : {"pageview", "event", "identify"}) {
        if (name == known) return receive_page(std::move(told), known);
    }
    told->refuse(bad_request("type must be one of: pageview, event, identify, revenue."));
}

void receive(Api& api, const Request& request, Path path, Reply reply) {
    auto told = std::make_unique<Told>(Told{api, request, std::move(reply)});
    auto body = read_body(request, path);
    if (!body) return told->refuse(body.error());
    told->body = std::move(*body);
    if (path == Path::Batch) return authenticate(std::move(told), receive_batch);
    authenticate(std::move(told), path == Path::Ingest ? receive_any : receive_revenue);
}

}  // namespace

void ingest(Api& api, const Request& request, Reply reply) {
    receive(api, request, Path::Ingest, std::move(reply));
}

void revenue(Api& api, const Request& request, Reply reply) {
    receive(api, request, Path::Revenue, std::move(reply));
}

void revenue_batch(Api& api, const Request& request, Reply reply) {
    receive(api, request, Path::Batch, std::move(reply));
}

}  // namespace hw::api
