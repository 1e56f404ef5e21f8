// SPDX-License-Identifier: Apache-2.0
// Three days of deliveries in a few seconds: the real runner over a real database, with the clock
// in the test's hands and receivers that misbehave by chance.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <random>

#include "base/civil_time.hpp"
#include "base/webhook_signature.hpp"
#include "core/webhooks.hpp"
#include "jobs/deliver_webhook.hpp"
#include "jobs/runner.hpp"
#include "store/delivery_attempts.hpp"
#include "store/outbox.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/fake_payloads.hpp"

namespace hw {
namespace {

constexpr int kWorkspaces = 20;
constexpr std::int64_t kTickMs = kMinuteMs;

std::uint64_t printed_seed() {
    const char* given = std::getenv("HW_SEED");
    const auto seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
    std::cout << "HW_SEED=" << seed << std::endl;
    return seed;
}

// What one event met, by its id.
struct Story {
    std::vector<std::int64_t> attempts_ms;
    std::vector<std::int64_t> wishes_ms;  // Retry-After of each answer
    int good = 0;
    std::string body;
    bool changed = false;
};

// Fails each event a few times, in every way that there is, and then takes it.
class MoodyHost final : public HttpClient {
  public:
    MoodyHost(TestEnv& env, std::uint64_t seed) : env_(env), dice_(seed) {}

    Result<HttpResponse> send(const HttpRequest& request) override {
        std::string id;
        for (const auto& [name, value] : request.headers) {
            if (name == "webhook-id") id = value;
        }
        auto& story = stories_[id];
        story.changed |= !story.attempts_ms.empty() && story.body != request.body;
        story.body = request.body;
        story.attempts_ms.push_back(env_.now_ms());
        story.wishes_ms.push_back(0);
        if (story.attempts_ms.size() > kFailuresMax || dice_() % 10 < 6) return take(story);
        return fail_somehow(story);
    }

    const std::map<std::string, Story>& stories() const { return stories_; }

  private:
    static constexpr std::size_t kFailuresMax = 6;

    Result<HttpResponse> take(Story& story) {
        ++story.good;
        // Some answers are lost on their way: then it comes once more.
        if (dice_() % 50 == 0) return fail(ErrorCode::Unavailable, "lost", "connection_failed");
        return HttpResponse{.status = 200 + static_cast<int>(dice_() % 5)};
    }
    Result<HttpResponse> fail_somehow(Story& story) {
        switch (dice_() % 6) {
            case 0:
                return fail(ErrorCode::Unavailable, "late", "timeout");
            case 1:
                return fail(ErrorCode::Unavailable, "reset", "connection_failed");
            case 2:
                return HttpResponse{.status = 301};
            case 3:
                story.wishes_ms.back() = 90 * kSecondMs;
                return HttpResponse{.status = 503, .headers = {{"retry-after", "90"}}};
            case 4:
                return HttpResponse{.status = 429};
            default:
                return HttpResponse{.status = 500, .body = "oops"};
        }
    }

    TestEnv& env_;
    std::mt19937_64 dice_;
    std::map<std::string, Story> stories_;
};

class WebhookDaysTest : public EngineTest {
  protected:
    WebhookDaysTest() : own_(own_database(GetParam())) {
        db = open({.url = own_.url, .payloads = &payloads_});
    }
    ~WebhookDaysTest() override { db.reset(); }

    template <class T>
    T in_workspace(int number, std::move_only_function<Result<T>(Tx&)> work) {
        return db->write_now<T>(fmt::format("ws_{}", number), std::move(work)).value();
    }
    void make_endpoint(int number) {
        WebhookFields fields;
        fields.url = fmt::format("https://hooks.example/{}", number);
        fields.events = std::vector<std::string>{"lead.created"};
        webhook_ids_[number] = in_workspace<Webhook>(number, [&](Tx& tx) {
                                   return create_webhook(tx, fields);
                               }).webhook_id;
    }
    void append(int number, int count) {
        in_workspace<bool>(number, [&](Tx& tx) -> Result<bool> {
            for (int i = 0; i < count; ++i) append_outbox(tx, "lead.created", "ld");
            return true;
        });
    }
    std::map<std::string, std::int64_t> states() {
        std::map<std::string, std::int64_t> found;
        for (const auto& [number, id] : webhook_ids_) {
            for (const auto& delivery : in_workspace<std::vector<Delivery>>(
                     number, [&](Tx& tx) -> Result<std::vector<Delivery>> {
                         return list_deliveries(tx, {.webhook_id = id, .limit = 100'000});
                     })) {
                ++found[delivery.state];
            }
        }
        return found;
    }

    FakePayloads payloads_;
    OwnDatabase own_;
    std::map<int, std::string> webhook_ids_;
};

// The least wait after so many attempts, as the schedule has it.
std::int64_t scheduled_ms(std::size_t attempts) {
    constexpr std::int64_t kPausesMs[] = {5 * kSecondMs, 5 * kMinuteMs, 30 * kMinuteMs,
                                          2 * kHourMs,   5 * kHourMs,   10 * kHourMs};
    return kPausesMs[std::min(attempts, std::size(kPausesMs)) - 1];
}

TEST_P(WebhookDaysTest, NothingIsLost) {
    const auto seed = printed_seed();
    std::mt19937_64 dice(seed);
    const int events = GetParam() == EngineKind::Sqlite ? 10'000 : 2'000;
    MoodyHost host(env, seed + 1);
    JobKinds kinds;
    kinds.push_back(std::make_unique<DeliverWebhook>(*db, host));
    JobRunner runner(*db, std::move(kinds), {},
                     {.threads = 200, .jobs_per_workspace = 50, .jobs_per_destination = 50});
    for (int number = 0; number < kWorkspaces; ++number) make_endpoint(number);

    const auto start_ms = env.now_ms();
    int told = 0;
    while (env.now_ms() < start_ms + 72 * kHourMs) {
        for (int i = 0; told < events && i < 10; ++i) {
            const int count = std::min<int>(events - told, static_cast<int>(dice() % 10));
            append(static_cast<int>(dice() % kWorkspaces), count);
            told += count;
        }
        while (runner.step() > 0) continue;
        env.advance_ms(told < events ? kTickMs : 5 * kTickMs);
    }

    EXPECT_EQ(told, events);
    EXPECT_EQ(states(), (std::map<std::string, std::int64_t>{{"delivered", events}}));
    EXPECT_EQ(std::ssize(host.stories()), events);
    std::int64_t attempts = 0;
    for (const auto& [id, story] : host.stories()) {
        EXPECT_GE(story.good, 1) << id;
        EXPECT_FALSE(story.changed) << id;
        attempts += std::ssize(story.attempts_ms);
        for (std::size_t i = 1; i < story.attempts_ms.size(); ++i) {
            const auto wait_ms = story.attempts_ms[i] - story.attempts_ms[i - 1];
            EXPECT_GE(wait_ms, std::max(scheduled_ms(i), story.wishes_ms[i - 1])) << id;
        }
    }
    EXPECT_GT(attempts, events) << "some were refused at first";
}

HW_ON_BOTH_ENGINES(WebhookDaysTest);

}  // namespace
}  // namespace hw
