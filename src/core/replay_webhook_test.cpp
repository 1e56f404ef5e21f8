// SPDX-License-Identifier: Apache-2.0
#include "core/replay_webhook.hpp"

#include "base/limits.hpp"
#include "core/record_webhook_attempt.hpp"
#include "core/webhooks.hpp"
#include "store/outbox.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/fake_payloads.hpp"

namespace hw {
namespace {

class ReplayWebhookTest : public EngineTest {
  protected:
    ReplayWebhookTest() { db = open({.url = url, .payloads = &payloads_}); }
    ~ReplayWebhookTest() override { db.reset(); }

    std::string make(const std::string& path, std::vector<std::string> events) {
        WebhookFields fields;
        fields.url = "https://hooks.example/" + path;
        fields.events = std::move(events);
        return write([&](Tx& tx) { return create_webhook(tx, fields); }).value().webhook_id;
    }
    void append(const std::string& kind, std::int64_t count = 1) {
        env.advance_ms(10);
        const auto done = write([&](Tx& tx) -> Result<bool> {
            for (std::int64_t i = 0; i < count; ++i) append_outbox(tx, kind, "subject");
            return true;
        });
        ASSERT_TRUE(done.has_value());
    }
    std::vector<Delivery> deliveries(const std::string& webhook_id) {
        return read([&](Tx& tx) -> Result<std::vector<Delivery>> {
                   return list_deliveries(tx, {.webhook_id = webhook_id, .limit = 10'000});
               })
            .value();
    }
    Result<ReplayedEvents> replay(const ReplayWebhook& input) {
        return write([&](Tx& tx) { return replay_webhook(tx, input); });
    }

  private:
    FakePayloads payloads_;
};

TEST_P(ReplayWebhookTest, SendsOneDeliveryOnceMore) {
    const auto id = make("a", {"lead.created"});
    append("lead.created");
    const auto first = deliveries(id).at(0);
    for (int i = 0; i < 2; ++i) {
        env.advance_ms(1);
        const auto again =
            write([&](Tx& tx) { return replay_webhook_delivery(tx, id, first.delivery_id); });
        ASSERT_TRUE(again.has_value()) << again.error().message;
        EXPECT_EQ(again->event_id, first.event_id);
        EXPECT_NE(again->delivery_id, first.delivery_id);
        EXPECT_NE(again->job_id, first.job_id);
        EXPECT_EQ(again->state, "waiting");
    }
    EXPECT_EQ(deliveries(id).size(), 3);
    const auto unknown = write([&](Tx& tx) { return replay_webhook_delivery(tx, id, "dlv_none"); });
    EXPECT_EQ(unknown.error().code, ErrorCode::NotFound);
}

TEST_P(ReplayWebhookTest, SendsARangeOnceMore) {
    const auto all = make("all", {"lead.created", "sale.created"});
    const auto start_ms = env.now_ms();
    append("lead.created");
    append("sale.created");
    append("link.created");  // nobody has subscribed, so there is nothing to send
    append("lead.created");
    const auto later = make("later", {"lead.created"});
    struct Row {
        std::int64_t from_ms;
        std::int64_t to_ms;
        std::vector<std::string> events;
        std::int64_t expected;
    };
    const Row rows[] = {
        {0, 100, {}, 2},
        {0, 100, {"sale.created"}, 1},
        {0, 100, {"sale.created", "lead.created"}, 3},
        {10, 40, {}, 1},
        {11, 40, {}, 0},
        {40, 41, {}, 1},
    };
    for (const auto& row : rows) {
        const auto replayed = replay({.webhook_id = later,
                                      .start_ms = start_ms + row.from_ms,
                                      .end_ms = start_ms + row.to_ms,
                                      .events = row.events});
        ASSERT_TRUE(replayed.has_value());
        EXPECT_EQ(replayed->count, row.expected) << row.from_ms << ".." << row.to_ms;
        EXPECT_EQ(replayed->next, std::nullopt);
    }
    EXPECT_EQ(deliveries(later).size(), 8);
    EXPECT_EQ(deliveries(all).size(), 3);
}

TEST_P(ReplayWebhookTest, GoesOnWhereTheLimitStoppedIt) {
    const auto id = make("a", {"lead.created"});
    append("lead.created", limits::kReplayEventsMax + 3);
    ReplayWebhook input{.webhook_id = id, .start_ms = 0, .end_ms = env.now_ms() + 1};
    const auto first = replay(input).value();
    EXPECT_EQ(first.count, limits::kReplayEventsMax);
    ASSERT_TRUE(first.next.has_value());
    input.after = *first.next;
    const auto rest = replay(input).value();
    EXPECT_EQ(rest.count, 3);
    EXPECT_EQ(rest.next, std::nullopt);
}

TEST_P(ReplayWebhookTest, Refuses) {
    const auto id = make("a", {"lead.created"});
    const auto code = [&](const ReplayWebhook& input) { return replay(input).error().code; };
    EXPECT_EQ(code({.webhook_id = "wh_none", .end_ms = 1}), ErrorCode::NotFound);
    EXPECT_EQ(code({.webhook_id = id, .start_ms = 5, .end_ms = 5}), ErrorCode::UnprocessableEntity);
    EXPECT_EQ(code({.webhook_id = id, .end_ms = 5, .events = {"x"}}),
              ErrorCode::UnprocessableEntity);
    append("lead.created");
    const DeliveryRef ref{id, deliveries(id).at(0).delivery_id};
    const auto gone = write([&](Tx& tx) -> Result<bool> {
        record_webhook_attempt(tx, ref, {.status = 410, .error = "status 410"});
        return true;
    });
    ASSERT_TRUE(gone.has_value());
    EXPECT_EQ(code({.webhook_id = id, .end_ms = 5}), ErrorCode::Conflict);
}

HW_ON_BOTH_ENGINES(ReplayWebhookTest);

}  // namespace
}  // namespace hw
