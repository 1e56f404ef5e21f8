// SPDX-License-Identifier: Apache-2.0
#include "jobs/deliver_webhook.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/retry_after.hpp"
#include "base/utf8.hpp"
#include "base/webhook_signature.hpp"
#include "core/record_webhook_attempt.hpp"
#include "store/outbox.hpp"
#include "store/webhooks.hpp"

namespace hw {
namespace {

// From the end of one attempt to the next: 10 attempts in 75 h 35 min 5 s.
constexpr std::array<std::int64_t, 9> kPausesMs = {
    5 * kSecondMs, 5 * kMinuteMs, 30 * kMinuteMs, 2 * kHourMs,  5 * kHourMs,
    10 * kHourMs,  14 * kHourMs,  20 * kHourMs,   24 * kHourMs,
};

constexpr std::int64_t kDatabasePauseMs = 5 * kSecondMs;
constexpr std::int64_t kDisabledPauseMs = 10 * kMinuteMs;

// The database takes neither a NUL nor what is no UTF-8.
std::string storable(std::string_view body) {
    auto text = valid_utf8(utf8_prefix(body, limits::kWebhookAnswerKeptBytes));
    std::erase(text, '\0');
    return text;
}

std::string signatures(const Webhook& webhook, const SignedMessage& message, std::int64_t now_ms) {
    auto text = standard_signature(webhook.secret, message);
    if (webhook.previous_secret && webhook.previous_until_ms.value_or(0) > now_ms) {
        text += " " + standard_signature(*webhook.previous_secret, message);
    }
    return text;
}

HttpRequest request_to(const Webhook& webhook, const OutboxEvent& event, std::int64_t now_ms) {
    const SignedMessage message{event.event_id, now_ms / kSecondMs, *event.payload};
    return {.method = "POST",
            .url = webhook.url,
            .headers = {{"Content-Type", "application/json"},
                        {"webhook-id", event.event_id},
                        {"webhook-timestamp", std::to_string(message.timestamp_s)},
                        {"webhook-signature", signatures(webhook, message, now_ms)},
                        {"Dub-Signature", dub_signature(webhook.secret, *event.payload)}},
            .body = *event.payload,
            .timeout_ms = limits::kWebhookTimeoutMs,
            .max_response_bytes = limits::kWebhookAnswerBytesMax,
            .cut_response = true};
}

std::string failure_of(const Result<HttpResponse>& answer) {
    if (!answer) return fmt::format("{}: {}", answer.error().reason, answer.error().message);
    if (answer->status >= 200 && answer->status <= 299) return {};
    if (answer->status >= 300 && answer->status <= 399) {
        return fmt::format("status {}: redirects are not followed", answer->status);
    }
    return fmt::format("status {}", answer->status);
}

std::int64_t wished_pause_ms(const Result<HttpResponse>& answer, std::int64_t now_ms) {
    if (!answer || (answer->status != 429 && answer->status != 503)) return 0;
    return retry_after_ms(answer->header("retry-after"), now_ms).value_or(0);
}

}  // namespace

struct DeliverWebhook::Ready {
    std::optional<Webhook> webhook;
    std::optional<OutboxEvent> event;
};

std::string_view DeliverWebhook::name() const {
    return kDeliverWebhookJob;
}

JobOutcome DeliverWebhook::run(const Job& job) {
    const auto ready = db_.read_now<Ready>(job.workspace_id, [&](Tx& tx) -> Result<Ready> {
        const auto ref = delivery_of_job(job.payload);
        return Ready{find_webhook(tx, job.workspace_id, ref.webhook_id),
                     find_outbox_event(tx, job.subject_id)};
    });
    if (!ready) return JobOutcome::snooze(kDatabasePauseMs, ready.error().message);
    if (!ready->webhook || !ready->event) return JobOutcome::done();  // deleted meanwhile
    if (ready->webhook->disabled_at_ms) {
        return JobOutcome::snooze(kDisabledPauseMs, "the endpoint is disabled");
    }
    return send(job, *ready);
}

JobOutcome DeliverWebhook::send(const Job& job, const Ready& ready) {
    const auto began_ms = db_.env().now_ms();
    const auto answer = http_.send(request_to(*ready.webhook, *ready.event, began_ms));
    const auto ended_ms = db_.env().now_ms();
    WebhookAttempt attempt{.at_ms = began_ms,
                           .duration_ms = ended_ms - began_ms,
                           .error = storable(failure_of(answer))};
    if (answer) {
        attempt.status = answer->status;
        attempt.response = storable(answer->body);
    }
    auto outcome = JobOutcome::done();
    attempt.last = attempt.status == 410 || !pause_ms(job.attempts, db_.env());
    if (attempt.status == 410) {
        outcome = JobOutcome::never(attempt.error);
    } else if (!attempt.error.empty()) {
        outcome = JobOutcome::again(attempt.error, wished_pause_ms(answer, ended_ms));
    }
    outcome.apply = [ref = delivery_of_job(job.payload), attempt = std::move(attempt)](Tx& tx) {
        record_webhook_attempt(tx, ref, attempt);
    };
    return outcome;
}

std::optional<std::int64_t> DeliverWebhook::pause_ms(std::int64_t attempts, Env& env) {
    if (attempts < 1) return 0;
    const auto past = static_cast<std::size_t>(attempts - 1);
    if (past >= kPausesMs.size()) return std::nullopt;
    // What failed together must not come back together.
    const auto spread_ms = static_cast<std::uint64_t>(kPausesMs[past] / 10) + 1;
    return kPausesMs[past] + static_cast<std::int64_t>(env.random_64() % spread_ms);
}

void DeliverWebhook::give_up(Tx& tx, const Job& job) {
    give_up_webhook_delivery(tx, delivery_of_job(job.payload));
}

}  // namespace hw
