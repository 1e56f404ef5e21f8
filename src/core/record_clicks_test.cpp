// SPDX-License-Identifier: Apache-2.0
#include "core/record_clicks.hpp"

#include <thread>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/facts.hpp"

namespace hw {
namespace {

class RecordClicksTest : public EngineTest {
  protected:
    Touch touch_on(const Link& link, std::int64_t visitor, bool bot = false) {
        Touch touch;
        touch.workspace_id = link.workspace_id;
        touch.at_ms = env.now_ms();
        touch.touch_id = new_click_id(touch.at_ms, env);
        touch.link_id = link.link_id;
        touch.visitor = visitor;
        touch.url = link.url;
        touch.bot = bot;
        return touch;
    }
    RecordedClick record(const Touch& touch) {
        std::promise<Result<RecordedClick>> recorded;
        db->record_click(
            touch, [&](Result<RecordedClick> result) { recorded.set_value(std::move(result)); });
        const auto result = recorded.get_future().get();
        HW_ASSERT(result.has_value());
        return *result;
    }
    std::optional<Touch> stored(const std::string& id) {
        return *read([&](Tx& tx) -> Result<std::optional<Touch>> {
            return find_touch(tx, workspace_id, id);
        });
    }
};

TEST_P(RecordClicksTest, OneClickPerVisitorAndLinkAndHour) {
    const auto link = make_link("hour");
    const auto other = make_link("other");
    const auto t = env.now_ms();
    const auto first = record(touch_on(link, 1));
    EXPECT_FALSE(first.repeated);
    struct Row {
        std::int64_t at_ms;
        std::int64_t visitor;
        const Link& link;
        bool repeated;
    };
    const Row table[] = {
        {t, 1, link, true},
        {t + 1, 1, link, true},
        {t + kHourMs - 1, 1, link, true},
        {t + kHourMs - 1, 2, link, false},
        {t + kHourMs - 1, 1, other, false},
        {t + kHourMs, 1, link, false},  // a fixed hour from the click that counted
        {t + kHourMs + 1, 1, link, true},
        {t + 2 * kHourMs - 1, 1, link, true},
        {t + 2 * kHourMs, 1, link, false},
    };
    std::int64_t counted = 1;
    auto holder = first.click_id;
    for (const auto& row : table) {
        env.set_now_ms(row.at_ms);
        const auto touch = touch_on(row.link, row.visitor);
        const auto click = record(touch);
        EXPECT_EQ(click.repeated, row.repeated) << row.at_ms - t;
        if (row.repeated) {
            EXPECT_EQ(click.click_id, holder);
        } else {
            EXPECT_EQ(click.click_id, touch.touch_id);
            ++counted;
            if (row.visitor == 1 && row.link.link_id == link.link_id) holder = click.click_id;
        }
        EXPECT_EQ(rows().clicks, counted);
    }
    EXPECT_EQ(totals(link).clicks, 4);
    EXPECT_EQ(totals(other).clicks, 1);
    EXPECT_EQ(totals(link).last_click_at_ms, t + 2 * kHourMs);
}

TEST_P(RecordClicksTest, EveryFieldIsKept) {
    const auto link = make_link("fields");
    auto touch = touch_on(link, -5);
    touch.trigger = "qr";
    touch.url = "https://shop.example/\xC3\xBC?\"'\\";
    touch.referer = "news.example";
    touch.referer_url = "https://news.example/a?b=c";
    touch.country = "DE";
    touch.region = "DE-BE";
    touch.city = "Berlin";
    touch.continent = "EU";
    touch.device = "Mobile";
    touch.browser = "Safari";
    touch.os = "iOS";
    touch.user_agent = "Mozilla \"quoted\"\t\\";
    record(touch);
    const auto found = stored(touch.touch_id);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->at_ms, touch.at_ms);
    EXPECT_EQ(found->visitor, -5);
    EXPECT_EQ(found->trigger, touch.trigger);
    EXPECT_EQ(found->url, touch.url);
    EXPECT_EQ(found->referer, touch.referer);
    EXPECT_EQ(found->referer_url, touch.referer_url);
    EXPECT_EQ(found->country + found->region + found->city + found->continent, "DEDE-BEBerlinEU");
    EXPECT_EQ(found->device + found->browser + found->os, "MobileSafariiOS");
    EXPECT_EQ(found->user_agent, touch.user_agent);
    EXPECT_FALSE(found->bot);
}

TEST_P(RecordClicksTest, BotsAreKeptAndNotCounted) {
    const auto link = make_link("bots");
    const auto bot = record(touch_on(link, 1, true));
    EXPECT_FALSE(bot.repeated);
    ASSERT_TRUE(stored(bot.click_id).has_value());
    EXPECT_TRUE(stored(bot.click_id)->bot);
    EXPECT_EQ(totals(link).clicks, 0);
    EXPECT_EQ(rows(), (RowCounts{.bot_clicks = 1}));
    const auto all =
        *read([&](Tx& tx) -> Result<RollupCounts> { return sum_rollups(tx, "all", ""); });
    EXPECT_EQ(all.clicks, 0);
}

// A batch is what waited for one commit. The first touch of a visitor stands for the others.
TEST_P(RecordClicksTest, WithinABatch) {
    const auto link = make_link("batch");
    const auto other = make_link("batch-other");
    record(touch_on(link, 9));
    std::vector<Touch> batch{touch_on(link, 1),      touch_on(link, 2), touch_on(link, 1),
                             touch_on(other, 1),     touch_on(link, 9), touch_on(link, 1, true),
                             touch_on(link, 3, true)};
    batch[2].answered = true;  // its visitor holds that id already
    std::vector<std::string> holder;
    std::vector<const Touch*> touches;
    for (const auto& touch : batch) touches.push_back(&touch);
    const auto answers = write([&](Tx& tx) -> Result<std::vector<RecordedClick>> {
        const RecentClicks recent;
        Tx with_recent(tx.connection(), tx.env(), tx.workspace_id(), {.recent_clicks = &recent});
        auto recorded = record_clicks(with_recent, touches);
        tx.counters().merge(std::move(with_recent.counters()));
        return recorded;
    });
    ASSERT_TRUE(answers.has_value());
    const std::vector<bool> repeated{false, false, true, false,
                                     // SQLite looks into the memory that this test left empty.
                                     GetParam() == EngineKind::Postgres, false,
                                     false};  // a bot has hours of its own
    const std::vector<std::size_t> whose{0, 1, 0, 3, 4, 5, 6};
    for (std::size_t i = 0; i < batch.size(); ++i) {
        EXPECT_EQ((*answers)[i].repeated, repeated[i]) << i;
        if (i == 4) continue;
        EXPECT_EQ((*answers)[i].click_id, batch[whose[i]].touch_id) << i;
    }
    EXPECT_TRUE(stored(batch[2].touch_id).has_value());  // answered before: the row must exist
    EXPECT_TRUE(stored(batch[5].touch_id).has_value());
    EXPECT_EQ(totals(other).clicks, 1);
    EXPECT_EQ(totals(link).clicks, GetParam() == EngineKind::Postgres ? 3 : 4);
}

TEST_P(RecordClicksTest, ManyAtOnceAreOneClick) {
    const auto link = make_link("together");
    std::vector<std::string> ids(64);
    {
        std::vector<std::jthread> threads;
        for (auto& id : ids) {
            threads.emplace_back([&] { id = record(touch_on(link, 1)).click_id; });
        }
    }
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 1U);
    EXPECT_EQ(totals(link).clicks, 1);
    EXPECT_EQ(rows().clicks, 1);
}

// The index in memory is filled again from the rows (SQLite), or is a table (PostgreSQL).
TEST_P(RecordClicksTest, TheHourOutlivesARestart) {
    const auto link = make_link("restart");
    const auto before = record(touch_on(link, 1));
    db.reset();
    db = open({.url = url});
    const auto after = record(touch_on(link, 1));
    EXPECT_TRUE(after.repeated);
    EXPECT_EQ(after.click_id, before.click_id);
    EXPECT_EQ(totals(link).clicks, 1);
}

HW_ON_BOTH_ENGINES(RecordClicksTest);

}  // namespace
}  // namespace hw
