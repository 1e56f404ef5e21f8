// SPDX-License-Identifier: Apache-2.0
#include "core/webhooks.hpp"

#include "api/api.hpp"
#include "api/webhook_json.hpp"
#include "api/webhooks.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

constexpr TextRule kGiven{.trim = true, .nullable = false};
constexpr std::int64_t kRotationHours = 24;

Result<WebhookFields> read_webhook(const json::object& body, const Call& call) {
    WebhookFields fields;
    fields.url_rules = call.options.webhook_urls;
    fields.name = HW_TRY(optional_text(body, "name", kGiven));
    fields.url = HW_TRY(optional_text(body, "url", kGiven));
    fields.events = HW_TRY(optional_texts(body, "events"));
    if (body.contains("linkScope")) {
        fields.link_scope =
            HW_TRY(option_text(body, "linkScope", {"workspace", "links", "folders"}, "workspace"));
    }
    const auto link_ids = HW_TRY(optional_texts(body, "linkIds"));
    const auto folder_ids = HW_TRY(optional_texts(body, "folderIds"));
    if (link_ids && !link_ids->empty() && folder_ids && !folder_ids->empty()) {
        return std::unexpected(
            invalid_field("invalid_value", "folderIds", "Give linkIds or folderIds, not both."));
    }
    const bool by_folders = fields.link_scope == "folders" ||
                            (!fields.link_scope && folder_ids && !folder_ids->empty());
    if (link_ids || folder_ids) fields.scope_ids = by_folders ? folder_ids : link_ids;
    return fields;
}

Answer answer_of(const Webhook& webhook, int status = 200) {
    return json_answer(json::serialize(webhook_json(webhook)), status);
}

// The one time that the secret is told.
Answer answer_with_secret(const Webhook& webhook, int status) {
    auto body = webhook_json(webhook);
    body["secret"] = webhook.secret;
    auto answer = json_answer(json::serialize(body), status);
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
}

// A body that may be left out.
Result<json::object> parse_optional(const Call& call) {
    return parse_object(call.request.body.empty() ? std::string_view("{}") : call.request.body);
}

}  // namespace

Result<Work> list_webhooks(const Call&) {
    return Work{Work::Mode::Read, [](Tx& tx) -> Result<Answer> {
                    json::array webhooks;
                    for (const auto& webhook : hw::list_webhooks(tx, tx.workspace_id())) {
                        webhooks.push_back(webhook_json(webhook));
                    }
                    return json_answer(json::serialize(webhooks));
                }};
}

Result<Work> create_webhook(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_webhook(body, call));
    fields.secret = HW_TRY(optional_text(body, "secret", kGiven));
    return Work{Work::Mode::Write, [fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    return answer_with_secret(HW_TRY(hw::create_webhook(tx, fields)), 201);
                }};
}

Result<Work> get_webhook(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::get_webhook(tx, id)));
                }};
}

Result<Work> update_webhook(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    if (body.contains("secret")) {
        return std::unexpected(invalid_field("unrecognized_keys", "secret",
                                             "Change it with POST /webhooks/{id}/rotate-secret."));
    }
    auto fields = HW_TRY(read_webhook(body, call));
    return Work{Work::Mode::Write,
                [fields = std::move(fields), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::update_webhook(tx, id, fields)));
                }};
}

Result<Work> delete_webhook(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto gone = HW_TRY(hw::delete_webhook(tx, id));
                    return json_answer(json::serialize(json::object{{"id", gone}}));
                }};
}

Result<Work> rotate_webhook_secret(const Call& call) {
    const auto body = HW_TRY(parse_optional(call));
    auto secret = HW_TRY(optional_text(body, "secret", kGiven));
    const auto hours =
        HW_TRY(optional_int(body, "keepHours",
                            {.min = 0,
                             .max = limits::kWebhookRotationHoursMax,
                             .too_small_message = "Too small: expected number to be >=0",
                             .too_big_message = "Too big: expected number to be <=168"}))
            .value_or(kRotationHours);
    return Work{Work::Mode::Write,
                [secret = std::move(secret), keep_ms = hours * kHourMs,
                 id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto rotated = HW_TRY(hw::rotate_webhook_secret(tx, id, secret, keep_ms));
                    return answer_with_secret(rotated, 200);
                }};
}

Result<Work> ping_webhook(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto delivery_id = HW_TRY(hw::ping_webhook(tx, id));
                    return json_answer(json::serialize(json::object{{"deliveryId", delivery_id}}),
                                       202);
                }};
}

Result<Work> enable_webhook(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::enable_webhook(tx, id)));
                }};
}

}  // namespace hw::api
