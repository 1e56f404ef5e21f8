// SPDX-License-Identifier: Apache-2.0
#include "api/webhook_deliveries.hpp"

#include "api/query.hpp"
#include "api/webhook_json.hpp"
#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "core/replay_webhook.hpp"
#include "core/webhooks.hpp"
#include "store/job_list.hpp"
#include "store/outbox.hpp"

namespace hw::api {
namespace {

// The delivery with everything that is known of it.
json::object whole_delivery(Tx& tx, const Delivery& delivery) {
    auto body = delivery_json(delivery);
    const auto event = find_outbox_event(tx, delivery.event_id);
    HW_ASSERT(event && event->payload);
    body["payload"] = json::parse(*event->payload);
    const auto job = delivery.state == "waiting"
                         ? find_job(tx, delivery.workspace_id, delivery.job_id)
                         : std::nullopt;
    body["nextAttemptAt"] = job ? time_or_null(job->run_at_ms) : json::value(nullptr);
    json::array attempts;
    for (const auto& attempt : list_delivery_attempts(tx, delivery.delivery_id)) {
        attempts.push_back(delivery_attempt_json(attempt));
    }
    body["attemptLog"] = std::move(attempts);
    return body;
}

Result<std::int64_t> read_time(const json::object& body, std::string_view name) {
    const auto text = HW_TRY(required_text(body, name));
    auto at_ms = parse_time(text);
    if (!at_ms) at_ms = parse_date(text);
    if (at_ms) return *at_ms;
    return std::unexpected(
        invalid_field("invalid_format", name,
                      "Invalid time \"" + text + "\": write for example 2026-01-02T03:04:05Z"));
}

}  // namespace

Result<Work> list_webhook_deliveries(const Call& call) {
    const auto query = call.request.query;
    DeliveryFilter filter{.webhook_id = call.parameters.at(0)};
    filter.state = HW_TRY(query_option(query, "state", {"waiting", "delivered", "dead"}, ""));
    filter.before = HW_TRY(query_text(query, "startingAfter")).value_or("");
    filter.limit = HW_TRY(query_page_size(query));
    return Work{Work::Mode::Read, [filter = std::move(filter)](Tx& tx) -> Result<Answer> {
                    HW_TRY(hw::get_webhook(tx, filter.webhook_id));
                    json::array deliveries;
                    for (const auto& delivery : list_deliveries(tx, filter)) {
                        deliveries.push_back(delivery_json(delivery));
                    }
                    return json_answer(json::serialize(deliveries));
                }};
}

Result<Work> get_webhook_delivery(const Call& call) {
    return Work{Work::Mode::Read,
                [webhook_id = call.parameters.at(0),
                 delivery_id = call.parameters.at(1)](Tx& tx) -> Result<Answer> {
                    HW_TRY(hw::get_webhook(tx, webhook_id));
                    const auto delivery = find_delivery(tx, webhook_id, delivery_id);
                    if (!delivery) {
                        return fail(ErrorCode::NotFound, "Delivery not found.",
                                    "delivery_not_found");
                    }
                    return json_answer(json::serialize(whole_delivery(tx, *delivery)));
                }};
}

Result<Work> replay_webhook_delivery(const Call& call) {
    return Work{Work::Mode::Write,
                [webhook_id = call.parameters.at(0),
                 delivery_id = call.parameters.at(1)](Tx& tx) -> Result<Answer> {
                    const auto fresh =
                        HW_TRY(hw::replay_webhook_delivery(tx, webhook_id, delivery_id));
                    return json_answer(json::serialize(delivery_json(fresh)), 202);
                }};
}

Result<Work> replay_webhook(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    ReplayWebhook input{.webhook_id = call.parameters.at(0)};
    input.start_ms = HW_TRY(read_time(body, "start"));
    input.end_ms = HW_TRY(read_time(body, "end"));
    input.events = HW_TRY(optional_texts(body, "events")).value_or(input.events);
    input.after = HW_TRY(optional_text(body, "after")).value_or("");
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto replayed = HW_TRY(hw::replay_webhook(tx, input));
                    return json_answer(
                        json::serialize(json::object{{"replayed", replayed.count},
                                                     {"next", text_or_null(replayed.next)}}),
                        202);
                }};
}

}  // namespace hw::api
