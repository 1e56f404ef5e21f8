// SPDX-License-Identifier: Apache-2.0
// Clicks: one counts per visitor, link and hour, whichever way the second one arrives.
#include <fmt/format.h>

#include <latch>

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "store/touches.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/facts.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

constexpr std::int64_t kHour = limits::kClickDedupMs;

class ClicksTest : public EngineTest {
  protected:
    ClicksTest() : link(make_link("clicks")) {}

    Touch touch_of(std::int64_t visitor, bool bot = false) {
        Touch touch;
        touch.workspace_id = workspace_id;
        touch.at_ms = env.now_ms();
        touch.touch_id = new_click_id(touch.at_ms, env);
        touch.link_id = link.link_id;
        touch.visitor = visitor;
        touch.url = link.url;
        touch.referer = "(direct)";
        touch.bot = bot;
        return touch;
    }
    static RecordedClick record(Db& on, const Touch& touch) {
        std::promise<Result<RecordedClick>> recorded;
        on.record_click(
            touch, [&](Result<RecordedClick> result) { recorded.set_value(std::move(result)); });
        auto result = recorded.get_future().get();
        HW_ASSERT(result.has_value());
        return *result;
    }
    // All in one batch: they queue up while the click before them is being recorded. What stands in
    // the way of that is none of the test's business: it holds in several batches as well.
    std::vector<RecordedClick> record_together(const std::vector<Touch>& touches) {
        std::vector<RecordedClick> answers(touches.size());
        std::latch done(static_cast<std::ptrdiff_t>(touches.size()));
        for (std::size_t i = 0; i < touches.size(); ++i) {
            db->record_click(touches[i], [&, i](Result<RecordedClick> result) {
                EXPECT_TRUE(result.has_value());
                if (result) answers[i] = *result;
                done.count_down();
            });
        }
        done.wait();
        return answers;
    }
    std::int64_t clicks() {
        return read([&](Tx& tx) -> Result<std::int64_t> {
                   return link_totals(tx, workspace_id, link.link_id).clicks;
               })
            .value();
    }

    Link link;
};

TEST_P(ClicksTest, EveryFieldIsKept) {
    auto touch = touch_of(std::numeric_limits<std::int64_t>::min());
    touch.trigger = "qr";
    touch.url = "https://x.example/?\xF0\x9F\xA6\x86='\"";
    touch.referer = "news.example";
    touch.referer_url = "";
    touch.country = "DE";
    touch.region = "BY";
    touch.city = "M\xC3\xBCnchen";
    touch.continent = "EU";
    touch.device = "Mobile";
    touch.browser = "Firefox";
    touch.os = "Android";
    touch.user_agent = "Mozilla/5.0 \\ \n";
    record(*db, touch);
    const auto found = *read([&](Tx& tx) -> Result<std::optional<Touch>> {
        EXPECT_FALSE(find_touch(tx, "other", touch.touch_id));
        return find_touch(tx, workspace_id, touch.touch_id);
    });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->at_ms, touch.at_ms);
    EXPECT_EQ(found->link_id, touch.link_id);
    EXPECT_EQ(found->visitor, touch.visitor);
    EXPECT_EQ(found->trigger, touch.trigger);
    EXPECT_EQ(found->url, touch.url);
    EXPECT_EQ(found->referer, touch.referer);
    EXPECT_EQ(found->referer_url, touch.referer_url);
    EXPECT_EQ(found->country, touch.country);
    EXPECT_EQ(found->region, touch.region);
    EXPECT_EQ(found->city, touch.city);
    EXPECT_EQ(found->continent, touch.continent);
    EXPECT_EQ(found->device, touch.device);
    EXPECT_EQ(found->browser, touch.browser);
    EXPECT_EQ(found->os, touch.os);
    EXPECT_EQ(found->user_agent, touch.user_agent);
    EXPECT_FALSE(found->bot);
}

TEST_P(ClicksTest, OneOfABatchCounts) {
    std::vector<Touch> touches;
    for (int i = 0; i < 50; ++i) touches.push_back(touch_of(i % 5));
    const auto answers = record_together(touches);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        EXPECT_EQ(answers[i].click_id, touches[i % 5].touch_id) << i;
        EXPECT_EQ(answers[i].repeated, i >= 5) << i;
    }
    EXPECT_EQ(clicks(), 5);
    EXPECT_EQ(rows().clicks, 5);
}

TEST_P(ClicksTest, TheHourRunsFromTheClickThatCounts) {
    const auto first = record(*db, touch_of(1));
    struct Case {
        std::int64_t after_ms;  // the first click
        bool repeated;
    };
    auto latest = first;
    std::int64_t at_ms = 0;
    for (const auto& c : std::vector<Case>{{0, true},
                                           {kHour / 2, true},
                                           {kHour - 1, true},
                                           {kHour, false},  // a new hour begins here
                                           {kHour + 1, true},
                                           {2 * kHour - 1, true},
                                           {2 * kHour, false},
                                           {10 * kHour, false}}) {
        env.advance_ms(c.after_ms - at_ms);
        at_ms = c.after_ms;
        const auto touch = touch_of(1);
        EXPECT_EQ(db->recent_click(touch, env.now_ms()).has_value(), c.repeated) << c.after_ms;
        const auto answer = record(*db, touch);
        EXPECT_EQ(answer.repeated, c.repeated) << c.after_ms;
        EXPECT_EQ(answer.click_id, c.repeated ? latest.click_id : touch.touch_id) << c.after_ms;
        latest = answer;
    }
    EXPECT_EQ(clicks(), 4);
}

TEST_P(ClicksTest, VisitorsLinksAndWorkspacesAreKeptApart) {
    const auto other = make_link("other");
    auto elsewhere = touch_of(1);
    elsewhere.link_id = other.link_id;
    auto foreign = touch_of(1);
    foreign.workspace_id = workspace_id + "-2";
    for (const auto& answer :
         record_together({touch_of(1), touch_of(2), elsewhere, foreign, touch_of(-1)})) {
        EXPECT_FALSE(answer.repeated);
    }
    EXPECT_EQ(clicks(), 3);
}

TEST_P(ClicksTest, BotsAreKeptNotCountedAndDoNotUseUpTheVisitorsHour) {
    const auto bot = touch_of(1, true);
    EXPECT_FALSE(record(*db, bot).repeated);
    EXPECT_TRUE(record(*db, touch_of(1, true)).repeated);
    EXPECT_EQ(clicks(), 0);
    const auto human = touch_of(1);
    EXPECT_EQ(db->recent_click(human, env.now_ms()), std::nullopt);
    EXPECT_EQ(record(*db, human).click_id, human.touch_id);
    EXPECT_EQ(record(*db, touch_of(1, true)).click_id, bot.touch_id);
    EXPECT_EQ(clicks(), 1);
    EXPECT_EQ(rows().clicks, 1);
    EXPECT_EQ(rows().bot_clicks, 1);
}

TEST_P(ClicksTest, TheHourOutlivesTheProcess) {
    const auto first = record(*db, touch_of(1));
    const auto bot = record(*db, touch_of(2, true));
    env.advance_ms(kHour - 1);
    db.reset();
    db = open({.url = url});
    EXPECT_EQ(record(*db, touch_of(1)).click_id, first.click_id);
    EXPECT_EQ(record(*db, touch_of(2, true)).click_id, bot.click_id);
    EXPECT_FALSE(record(*db, touch_of(2)).repeated);
    env.advance_ms(1);
    db.reset();
    db = open({.url = url});
    EXPECT_FALSE(record(*db, touch_of(1)).repeated);
    EXPECT_EQ(clicks(), 3);
}

TEST_P(ClicksTest, OneThatCannotBeRecordedLeavesTheOthers) {
    std::vector<Touch> touches;
    for (int i = 0; i < 40; ++i) touches.push_back(touch_of(i));
    touches[17].user_agent = std::string("nul \0 byte", 10);
    touches[31].touch_id = touches[30].touch_id;  // the key is taken
    std::atomic<int> recorded{0};
    std::atomic<int> failed{0};
    std::latch done(static_cast<std::ptrdiff_t>(touches.size()));
    for (auto& touch : touches) {
        db->record_click(touch, [&](const Result<RecordedClick>& result) {
            ++(result ? recorded : failed);
            done.count_down();
        });
    }
    done.wait();
    EXPECT_EQ(recorded, 38);
    EXPECT_EQ(failed, 2);
    EXPECT_EQ(clicks(), 38);
}

TEST_P(ClicksTest, AsyncAnswersBeforeTheCommit) {
    constexpr std::int64_t kPause = kHour / 6;
    db = open({.url = url, .async_clicks = true});
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) {
        const auto touch = touch_of(1);
        std::string answered;
        db->record_click(touch, [&](Result<RecordedClick> result) { answered = result->click_id; });
        EXPECT_EQ(answered, touch.touch_id);  // the callback has run by now
        ids.push_back(answered);
        env.advance_ms(kPause);
    }
    db->stop();
    EXPECT_EQ(db->stats().clicks_lost, 0);
    db = open({.url = url});
    // Each id that a visitor holds leads to a row; one click counts.
    for (const auto& id : ids) {
        EXPECT_TRUE(*read(
            [&](Tx& tx) -> Result<bool> { return find_touch(tx, workspace_id, id).has_value(); }));
    }
    EXPECT_EQ(clicks(), 1);
    // After a restart the hour still runs from the click that counted, not from those kept with it.
    env.advance_ms(kHour - 3 * kPause - 1);
    EXPECT_EQ(record(*db, touch_of(1)).click_id, ids[0]);
    env.advance_ms(1);
    EXPECT_FALSE(record(*db, touch_of(1)).repeated);
    EXPECT_EQ(clicks(), 2);
}

TEST_P(ClicksTest, AsyncCountsWhatItLost) {
    const auto bad = [](Tx&, std::span<const Touch* const>) -> std::vector<RecordedClick> {
        throw Fault(FaultKind::Bug, "cannot record");
    };
    DbOptions options{.url = url, .record_clicks = bad, .async_clicks = true};
    Db lossy(std::move(options), env);
    for (int i = 0; i < 7; ++i) {
        lossy.record_click(touch_of(i), [](const Result<RecordedClick>& result) {
            EXPECT_TRUE(result.has_value());
        });
    }
    lossy.stop();
    EXPECT_EQ(lossy.stats().clicks_lost, 7);
    EXPECT_EQ(clicks(), 0);
}

TEST_P(ClicksTest, TheSameVisitorAcrossMidnight) {
    auto before = touch_of(10);
    record(*db, before);
    auto after = touch_of(20);  // another salt, another hash
    after.visitor_yesterday = 10;
    EXPECT_EQ(db->recent_click(after, env.now_ms()), before.touch_id);
    after.visitor_yesterday = 11;
    EXPECT_EQ(db->recent_click(after, env.now_ms()), std::nullopt);
}

TEST_P(ClicksTest, OldClaimsAreForgotten) {
    record(*db, touch_of(1));
    env.advance_ms(2 * kHour);
    const auto done = db->write_now<bool>(std::string(kOperator), [&](Tx& tx) -> Result<bool> {
        forget_recent_clicks(tx, tx.now_ms() - kHour);
        return true;
    });
    EXPECT_TRUE(done);
    std::int64_t left = -1;
    const auto reader = connect(url, Access::ReadOnly);
    reader->begin(workspace_id);
    reader->stream("select count(*) from recent_clicks where workspace_id = '" + workspace_id + "'",
                   [&](const Row& row) { left = row.int64(0); });
    EXPECT_EQ(left, 0);
    EXPECT_FALSE(record(*db, touch_of(1)).repeated);
}

HW_ON_BOTH_ENGINES(ClicksTest);

}  // namespace
}  // namespace hw
