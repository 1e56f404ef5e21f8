// SPDX-License-Identifier: Apache-2.0
#include "jobs/deliver_webhook.hpp"

#include <fmt/format.h>

#include <functional>
#include <mutex>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/webhook_signature.hpp"
#include "core/webhooks.hpp"
#include "jobs/runner.hpp"
#include "store/delivery_attempts.hpp"
#include "store/job_list.hpp"
#include "store/outbox.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/fake_payloads.hpp"

namespace hw {
namespace {

HttpResponse status(int code, HttpHeaders headers = {}, std::string body = "") {
    return {.status = code, .headers = std::move(headers), .body = std::move(body)};
}

std::unexpected<Error> no_answer(ErrorCode code, const std::string& reason) {
    return fail(code, "It did not work.", reason);
}

class FakeHttp final : public HttpClient {
  public:
    std::function<Result<HttpResponse>(const HttpRequest&)> answer = [](const auto&) {
        return status(200);
    };
    std::vector<HttpRequest> requests;

    Result<HttpResponse> send(const HttpRequest& request) override {
        requests.push_back(request);
        return answer(request);
    }
    std::string header(std::string_view name) const {
        for (const auto& [key, value] : requests.back().headers) {
            if (key == name) return value;
        }
        return {};
    }
};

// The runner looks at all workspaces, so every test has a database of its own.
class DeliverWebhookTest : public EngineTest {
  protected:
    DeliverWebhookTest() : own_(own_database(GetParam())) {
        db = open({.url = own_.url, .payloads = &payloads_});
        WebhookFields fields;
        fields.url = "https://hooks.example/in";
        fields.events = std::vector<std::string>{"lead.created"};
        webhook = write([&](Tx& tx) { return create_webhook(tx, fields); }).value();
        JobKinds kinds;
        kinds.push_back(std::make_unique<DeliverWebhook>(*db, http));
        runner = std::make_unique<JobRunner>(*db, std::move(kinds), std::vector<PeriodicTask>{},
                                             JobRunnerOptions{.breaker_failures = 1'000});
    }
    ~DeliverWebhookTest() override {
        runner.reset();
        db.reset();
    }

    void append(const std::string& subject = "ld_1") {
        const auto done = write([&](Tx& tx) -> Result<bool> {
            append_outbox(tx, "lead.created", subject);
            return true;
        });
        ASSERT_TRUE(done.has_value()) << done.error().message;
    }
    Delivery delivery() {
        return read([&](Tx& tx) -> Result<Delivery> {
                   return list_deliveries(tx, {.webhook_id = webhook.webhook_id, .limit = 1}).at(0);
               })
            .value();
    }
    std::vector<DeliveryAttempt> attempts() {
        return read([&](Tx& tx) -> Result<std::vector<DeliveryAttempt>> {
                   return list_delivery_attempts(tx, delivery().delivery_id);
               })
            .value();
    }
    Webhook stored() {
        return read([&](Tx& tx) { return get_webhook(tx, webhook.webhook_id); }).value();
    }
    // When the job of the delivery is due, from now on.
    std::int64_t wait_ms() {
        const auto job_id = delivery().job_id;
        const auto state = read([&](Tx& tx) -> Result<std::optional<JobRecord>> {
            return find_job(tx, workspace_id, job_id);
        });
        return state.value().value().run_at_ms - env.now_ms();
    }

    FakePayloads payloads_;
    OwnDatabase own_;
    FakeHttp http;
    Webhook webhook;
    std::unique_ptr<JobRunner> runner;
};

TEST_P(DeliverWebhookTest, SendsOneSignedPost) {
    append();
    EXPECT_EQ(runner->step(), 1);
    ASSERT_EQ(http.requests.size(), 1);
    const auto& request = http.requests[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, "https://hooks.example/in");
    EXPECT_EQ(request.timeout_ms, 30'000);
    EXPECT_TRUE(request.body.contains(R"("data":{"kind":"lead.created","subject":"ld_1"})"));
    const auto id = delivery().event_id;
    const SignedMessage message{id, env.now_ms() / kSecondMs, request.body};
    EXPECT_EQ(http.header("webhook-id"), id);
    EXPECT_TRUE(request.body.starts_with(R"({"id":")" + id + "\""));
    EXPECT_EQ(http.header("webhook-timestamp"), std::to_string(message.timestamp_s));
    EXPECT_EQ(http.header("webhook-signature"), standard_signature(webhook.secret, message));
    EXPECT_EQ(http.header("Dub-Signature"), dub_signature(webhook.secret, request.body));
    EXPECT_EQ(http.header("Content-Type"), "application/json");
    EXPECT_EQ(delivery().state, "delivered");
    EXPECT_EQ(runner->step(), 0);
}

TEST_P(DeliverWebhookTest, SignsWithBothSecretsWhileTheyChange) {
    const auto rotated =
        write([&](Tx& tx) {
            return rotate_webhook_secret(tx, webhook.webhook_id, std::nullopt, kHourMs);
        }).value();
    append();
    runner->step();
    const auto id = delivery().event_id;
    const SignedMessage message{id, env.now_ms() / kSecondMs, http.requests[0].body};
    EXPECT_EQ(http.header("webhook-signature"), standard_signature(rotated.secret, message) + " " +
                                                    standard_signature(webhook.secret, message));
    EXPECT_EQ(http.header("Dub-Signature"), dub_signature(rotated.secret, message.body));
    env.advance_ms(kHourMs);
    append();
    runner->step();
    EXPECT_FALSE(http.header("webhook-signature").contains(' '));
}

TEST_P(DeliverWebhookTest, JudgesEveryAnswer) {
    struct Row {
        std::string name;
        Result<HttpResponse> answer;
        std::string state;
        std::string error;     // as the attempt has it
        std::int64_t wait_ms;  // at least, to the next attempt; -1: there is none
    };
    const auto retry = [](const std::string& text) { return HttpHeaders{{"retry-after", text}}; };
    const Row rows[] = {
        {"200", status(200), "delivered", "", -1},
        {"204", status(204), "delivered", "", -1},
        {"299", status(299), "delivered", "", -1},
        {"redirect", status(302), "waiting", "status 302: redirects are not followed", 5'000},
        {"304", status(304), "waiting", "status 304: redirects are not followed", 5'000},
        {"400", status(400), "waiting", "status 400", 5'000},
        {"404", status(404), "waiting", "status 404", 5'000},
        {"500", status(500), "waiting", "status 500", 5'000},
        {"502 with a wish", status(502, retry("9")), "waiting", "status 502", 5'000},
        {"429", status(429, retry("60")), "waiting", "status 429", 60'000},
        {"429 below the schedule", status(429, retry("1")), "waiting", "status 429", 5'000},
        {"503 until a date", status(503, retry("Mon, 21 Sep 2026 14:23:20 GMT")), "waiting",
         "status 503", 600'000},
        {"503 for years", status(503, retry("99999999")), "waiting", "status 503",
         limits::kRetryAfterMsMax},
        {"503 of nonsense", status(503, retry("soon")), "waiting", "status 503", 5'000},
        {"timeout", no_answer(ErrorCode::Unavailable, "timeout"), "waiting",
         "timeout: It did not work.", 5'000},
        {"refused", no_answer(ErrorCode::Forbidden, "address_refused"), "waiting",
         "address_refused: It did not work.", 5'000},
        {"410", status(410), "dead", "status 410", -1},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        env.advance_ms(1);  // too little for a repeat of those before
        append();
        http.answer = [&](const auto&) { return row.answer; };
        EXPECT_GE(runner->step(), 1);
        EXPECT_EQ(delivery().state, row.state);
        EXPECT_EQ(delivery().last_error, row.error);
        EXPECT_EQ(attempts().size(), 1);
        if (row.wait_ms < 0) continue;
        EXPECT_GE(wait_ms(), row.wait_ms - 100);
        EXPECT_LE(wait_ms(), row.wait_ms + row.wait_ms / 10);
    }
}

TEST_P(DeliverWebhookTest, KeepsTheBeginningOfTheAnswer) {
    http.answer = [](const auto&) {
        return status(500, {}, std::string("\0\xFF", 2) + std::string(5'000, 'x'));
    };
    append();
    runner->step();
    const auto kept = attempts().at(0).response;
    EXPECT_LE(kept.size(), limits::kWebhookAnswerKeptBytes + 8);
    EXPECT_TRUE(kept.ends_with("xxx"));
    EXPECT_FALSE(kept.contains('\0'));
}

TEST_P(DeliverWebhookTest, ComesBackOnTheSchedule) {
    http.answer = [](const auto&) { return status(500); };
    append();
    const std::int64_t pauses_s[] = {5,          5 * 60,     30 * 60,    2 * 3'600, 5 * 3'600,
                                     10 * 3'600, 14 * 3'600, 20 * 3'600, 24 * 3'600};
    for (const auto pause_s : pauses_s) {
        ASSERT_EQ(runner->step(), 1);
        EXPECT_EQ(runner->step(), 0) << "too early";
        const auto wait = wait_ms();
        EXPECT_GE(wait, pause_s * kSecondMs);
        EXPECT_LE(wait, pause_s * kSecondMs * 11 / 10);
        EXPECT_EQ(delivery().state, "waiting");
        env.advance_ms(wait);
    }
    ASSERT_EQ(runner->step(), 1);
    EXPECT_EQ(delivery().state, "dead");
    EXPECT_EQ(attempts().size(), 10);
    EXPECT_EQ(http.requests.front().body, http.requests.back().body);
    EXPECT_EQ(stored().disabled_at_ms, std::nullopt) << "10 failures are not 20";
    env.advance_ms(kDayMs * 10);
    EXPECT_EQ(runner->step(), 0);
}

TEST_P(DeliverWebhookTest, WaitsForAnEndpointThatIsDisabled) {
    append();
    http.answer = [](const auto&) { return status(500); };
    runner->step();
    append("ld_2");
    http.answer = [](const auto&) { return status(410); };
    runner->step();
    EXPECT_TRUE(stored().disabled_reason.contains("410"));
    http.answer = [](const auto&) { return status(200); };
    const auto before = http.requests.size();
    for (int i = 0; i < 20; ++i) {
        env.advance_ms(kHourMs);
        runner->step();
    }
    EXPECT_EQ(http.requests.size(), before) << "it is left alone";
    ASSERT_TRUE(write([&](Tx& tx) { return enable_webhook(tx, webhook.webhook_id); }).has_value());
    env.advance_ms(kHourMs);
    EXPECT_EQ(runner->step(), 1);
    EXPECT_EQ(http.requests.size(), before + 1);
    EXPECT_TRUE(http.requests.back().body.contains("ld_1"));
}

TEST_P(DeliverWebhookTest, DropsWhatADeletedEndpointHadToCome) {
    append();
    ASSERT_TRUE(write([&](Tx& tx) { return delete_webhook(tx, webhook.webhook_id); }).has_value());
    EXPECT_EQ(runner->step(), 1);
    EXPECT_TRUE(http.requests.empty());
    EXPECT_EQ(runner->stats().done, 1);
}

HW_ON_BOTH_ENGINES(DeliverWebhookTest);

}  // namespace
}  // namespace hw
