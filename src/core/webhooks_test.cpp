// SPDX-License-Identifier: Apache-2.0
#include "core/webhooks.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/webhook_signature.hpp"
#include "core/create_link.hpp"
#include "core/delete_link.hpp"
#include "core/folders.hpp"
#include "core/record_webhook_attempt.hpp"
#include "core/update_link.hpp"
#include "core/webhook_events.hpp"
#include "store/delivery_attempts.hpp"
#include "store/outbox.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/fake_payloads.hpp"

namespace hw {
namespace {

class WebhooksTest : public EngineTest {
  protected:
    WebhooksTest() { db = open({.url = url, .payloads = &payloads_}); }
    ~WebhooksTest() override { db.reset(); }

    static WebhookFields fields(const std::string& path, std::vector<std::string> events) {
        WebhookFields given;
        given.url = "https://hooks.example/" + path;
        given.events = std::move(events);
        return given;
    }
    Result<Webhook> make(const WebhookFields& given) {
        env.advance_ms(1);
        return write([&](Tx& tx) { return create_webhook(tx, given); });
    }
    Webhook found(const std::string& id) {
        return read([&](Tx& tx) { return get_webhook(tx, id); }).value();
    }
    std::vector<Delivery> deliveries(const std::string& webhook_id) {
        return read([&](Tx& tx) -> Result<std::vector<Delivery>> {
                   return list_deliveries(tx, {.webhook_id = webhook_id, .limit = 1'000});
               })
            .value();
    }
    // The names of the events on their way to the endpoint, the newest first.
    std::string told(const std::string& webhook_id) {
        std::string names;
        for (const auto& delivery : deliveries(webhook_id)) names += delivery.event + " ";
        return names;
    }
    void append(const std::string& kind, const std::string& subject) {
        env.advance_ms(1);
        const auto done = write([&](Tx& tx) -> Result<bool> {
            append_outbox(tx, kind, subject);
            return true;
        });
        ASSERT_TRUE(done.has_value()) << done.error().message;
    }

  private:
    FakePayloads payloads_;
};

TEST_P(WebhooksTest, AreMadeOfWhatIsSaid) {
    const auto given = fields("a", {"sale.created", "lead.created", "sale.created"});
    const auto made = make(given).value();
    EXPECT_TRUE(made.webhook_id.starts_with("wh_"));
    EXPECT_TRUE(made.secret.starts_with("whsec_"));
    EXPECT_EQ(made.name, "hooks.example");
    EXPECT_EQ(made.events, (std::vector<std::string>{"lead.created", "sale.created"}));
    const auto stored = found(made.webhook_id);
    EXPECT_EQ(stored.secret, made.secret);
    EXPECT_EQ(stored.url, "https://hooks.example/a");
    EXPECT_EQ(stored.link_scope, "workspace");
}

TEST_P(WebhooksTest, RefuseWhatTheyCannotBe) {
    ASSERT_TRUE(make(fields("taken", {"lead.created"})).has_value());
    struct Row {
        std::function<void(WebhookFields&)> how;
        std::string expected;
    };
    const Row rows[] = {
        {[](auto& f) { f.url.reset(); }, "url: say where"},
        {[](auto& f) { f.events.reset(); }, "events: say which"},
        {[](auto& f) { f.events->clear(); }, "events: name at least one"},
        {[](auto& f) { f.events->push_back("sale.made"); }, "received \"sale.made\""},
        {[](auto& f) { f.events->push_back("webhook.ping"); }, "received \"webhook.ping\""},
        {[](auto& f) { f.url = "https://hooks.example/taken"; }, "exists already"},
        {[](auto& f) { f.url = "http://hooks.example/"; }, "use https"},
        {[](auto& f) { f.name = ""; }, "name: expected 1 to 40 characters, received 0"},
        {[](auto& f) { f.name = std::string(41, 'n'); }, "received 41"},
        {[](auto& f) { f.secret = "whsec_short"; }, "secret: expected"},
        {[](auto& f) { f.link_scope = "links"; }, "linkIds: expected 1 to 100 ids, received 0"},
        {[](auto& f) {
             f.link_scope = "links";
             f.scope_ids = std::vector<std::string>(101, "link_1");
         },
         "linkIds: expected 1 to 100 ids, received 101"},
        {[](auto& f) {
             f.link_scope = "links";
             f.scope_ids = {"link_1"};
         },
         "linkIds: the workspace has no \"link_1\""},
        {[](auto& f) {
             f.link_scope = "folders";
             f.scope_ids = {"fold_1"};
         },
         "folderIds: the workspace has no \"fold_1\""},
        {[](auto& f) { f.scope_ids = {"link_1"}; }, "linkScope: received \"workspace\" with ids"},
    };
    for (const auto& row : rows) {
        auto given = fields("x", {"lead.created"});
        row.how(given);
        const auto made = make(given);
        ASSERT_FALSE(made.has_value()) << row.expected;
        EXPECT_TRUE(made.error().message.contains(row.expected)) << made.error().message;
    }
}

TEST_P(WebhooksTest, AreAtMostSoMany) {
    for (std::size_t i = 0; i < limits::kWebhooksMax; ++i) {
        ASSERT_TRUE(make(fields(std::to_string(i), {"lead.created"})).has_value());
    }
    const auto more = make(fields("more", {"lead.created"}));
    ASSERT_FALSE(more.has_value());
    EXPECT_EQ(more.error().code, ErrorCode::Conflict);
    EXPECT_TRUE(more.error().message.contains("20 endpoints")) << more.error().message;
}

TEST_P(WebhooksTest, ChangeRotateAndGo) {
    const auto made = make(fields("a", {"lead.created"})).value();
    const auto other = make(fields("b", {"lead.created"})).value();
    WebhookFields change;
    change.url = other.url;
    const auto id = made.webhook_id;
    EXPECT_EQ(write([&](Tx& tx) { return update_webhook(tx, id, change); }).error().code,
              ErrorCode::Conflict);
    change.url = "https://hooks.example/c";
    change.name = "Mine";
    EXPECT_EQ(write([&](Tx& tx) { return update_webhook(tx, id, change); }).value().name, "Mine");
    EXPECT_EQ(found(id).events, made.events) << "what is not said stays";

    const auto rotated =
        write([&](Tx& tx) { return rotate_webhook_secret(tx, id, std::nullopt, 1'000); }).value();
    EXPECT_NE(rotated.secret, made.secret);
    EXPECT_EQ(rotated.previous_secret, made.secret);
    EXPECT_EQ(rotated.previous_until_ms, env.now_ms() + 1'000);
    const auto at_once =
        write([&](Tx& tx) { return rotate_webhook_secret(tx, id, made.secret, 0); }).value();
    EXPECT_EQ(at_once.secret, made.secret);
    EXPECT_EQ(at_once.previous_secret, std::nullopt);
    EXPECT_FALSE(
        write([&](Tx& tx) { return rotate_webhook_secret(tx, id, made.secret, 0); }).has_value());

    EXPECT_EQ(write([&](Tx& tx) { return delete_webhook(tx, id); }), id);
    EXPECT_EQ(write([&](Tx& tx) { return delete_webhook(tx, id); }).error().code,
              ErrorCode::NotFound);
}

TEST_P(WebhooksTest, HearOfWhatTheySubscribedTo) {
    const auto leads = make(fields("leads", {"lead.created"})).value().webhook_id;
    const auto both = make(fields("both", {"lead.created", "sale.created"})).value().webhook_id;
    append("lead.created", "ld_1");
    append("sale.created", "sale_1");
    append("link.created", "link_1");
    EXPECT_EQ(told(leads), "lead.created ");
    EXPECT_EQ(told(both), "sale.created lead.created ");
    EXPECT_EQ(deliveries(leads)[0].event_id, deliveries(both)[1].event_id) << "one event";
    const auto event = read([&](Tx& tx) -> Result<std::optional<OutboxEvent>> {
        return find_outbox_event(tx, deliveries(leads)[0].event_id);
    });
    ASSERT_TRUE(event.value()->payload.has_value());
    const auto id = (*event)->event_id;
    EXPECT_EQ((*event)->payload,
              fmt::format(R"({{"id":"{}","event":"lead.created","createdAt":"{}",)"
                          R"("type":"lead.created","timestamp":"{}",)"
                          R"("data":{{"kind":"lead.created","subject":"ld_1"}}}})",
                          id, "2026-09-21T14:13:20.003Z", "2026-09-21T14:13:20.003Z"));
}

TEST_P(WebhooksTest, HearNothingWhileTheyAreDisabled) {
    const auto id = make(fields("a", {"lead.created"})).value().webhook_id;
    append("lead.created", "ld_1");
    const DeliveryRef ref{id, deliveries(id)[0].delivery_id};
    const auto gone = write([&](Tx& tx) -> Result<bool> {
        record_webhook_attempt(tx, ref, {.status = 410, .error = "status 410"});
        return true;
    });
    ASSERT_TRUE(gone.has_value());
    EXPECT_TRUE(found(id).disabled_at_ms.has_value());
    EXPECT_TRUE(found(id).disabled_reason.contains("410"));
    append("lead.created", "ld_2");
    EXPECT_EQ(told(id), "lead.created ");
    const auto enabled = write([&](Tx& tx) { return enable_webhook(tx, id); }).value();
    EXPECT_EQ(enabled.disabled_at_ms, std::nullopt);
    EXPECT_EQ(found(id).failures, 0);
    append("lead.created", "ld_3");
    EXPECT_EQ(told(id), "lead.created lead.created ");
}

TEST_P(WebhooksTest, HearOfLinks) {
    const auto id =
        make(fields("a", {"link.created", "link.updated", "link.deleted"})).value().webhook_id;
    CreateLink wanted;
    wanted.fields.url = "https://shop.example/";
    const auto link = write([&](Tx& tx) { return create_link(tx, wanted); }).value().link;
    env.advance_ms(1);
    UpdateLink change{.reference = link.link_id, .fields = {}, .key_reserved = {}};
    change.fields.title = "New";
    ASSERT_TRUE(write([&](Tx& tx) { return update_link(tx, change); }).has_value());
    env.advance_ms(1);
    ASSERT_TRUE(write([&](Tx& tx) { return delete_link(tx, link.link_id); }).has_value());
    EXPECT_EQ(told(id), "link.deleted link.updated link.created ");
}

TEST_P(WebhooksTest, HearOfClicksInTheirScope) {
    FolderFields named;
    named.name = "f";
    const auto folder = write([&](Tx& tx) { return create_folder(tx, named); }).value().folder_id;
    const auto in_folder = change(make_link("a"), [&](Link& link) { link.folder_id = folder; });
    const auto other = make_link("b");
    struct Row {
        std::string scope;
        std::vector<std::string> ids;
        std::size_t expected;
    };
    const Row rows[] = {
        {"workspace", {}, 2},
        {"links", {other.link_id}, 1},
        {"folders", {folder}, 1},
        {"links", {in_folder.link_id, other.link_id}, 2},
    };
    std::vector<std::string> ids;
    for (const auto& row : rows) {
        auto given = fields(std::to_string(ids.size()), {"link.clicked"});
        given.link_scope = row.scope;
        given.scope_ids = row.ids;
        ids.push_back(make(given).value().webhook_id);
    }
    const auto none = make(fields("none", {"lead.created"})).value().webhook_id;
    const auto click = make_click(in_folder);
    EXPECT_EQ(make_click(in_folder), click) << "counts once";
    make_click(other);
    make_click(other, 7, true);  // a bot
    for (std::size_t i = 0; i < ids.size(); ++i) {
        EXPECT_EQ(deliveries(ids[i]).size(), rows[i].expected) << rows[i].scope;
    }
    EXPECT_EQ(told(none), "");
}

TEST_P(WebhooksTest, ArePingedWhateverTheySubscribedTo) {
    const auto id = make(fields("a", {"lead.created"})).value().webhook_id;
    const auto other = make(fields("b", {"lead.created"})).value().webhook_id;
    ASSERT_TRUE(write([&](Tx& tx) { return ping_webhook(tx, id); }).has_value());
    EXPECT_EQ(told(id), "webhook.ping ");
    EXPECT_EQ(told(other), "");
}

HW_ON_BOTH_ENGINES(WebhooksTest);

}  // namespace
}  // namespace hw
