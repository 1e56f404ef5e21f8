// SPDX-License-Identifier: Apache-2.0
#include "core/record_page_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/limits.hpp"
#include "core/create_ingest_token.hpp"
#include "store/identities.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

class RecordPageViewsTest : public EngineTest {
  protected:
    PageView view(std::int64_t minute, const std::string& fingerprint = "fp") {
        PageView made;
        made.workspace_id = workspace_id;
        made.page_view_id = fmt::format("pv_{}_{}", fingerprint, minute);
        made.kind = "pageview";
        made.at_ms = start_ms + minute * kMinuteMs;
        made.fingerprint = fingerprint;
        made.url = "https://shop.example/";
        made.path = "/";
        return made;
    }
    void record(const std::vector<PageView>& views) {
        std::vector<const PageView*> pointers;
        for (const auto& each : views) pointers.push_back(&each);
        const auto done = write([&](Tx& tx) -> Result<bool> {
            record_page_views(tx, pointers);
            return true;
        });
        ASSERT_TRUE(done);
    }
    // "start+length views/events" in minutes, of every session.
    std::string sessions(const std::string& fingerprint = "fp") {
        const auto found = *read([&](Tx& tx) -> Result<std::vector<Session>> {
            return sessions_between(tx, workspace_id, fingerprint, 0, start_ms * 2);
        });
        std::string text;
        for (const auto& each : found) {
            text += fmt::format("{}+{} {}/{} ", (each.started_at_ms - start_ms) / kMinuteMs,
                                (each.ended_at_ms - each.started_at_ms) / kMinuteMs,
                                each.page_views, each.events);
        }
        return text;
    }
    std::vector<std::string> clicks(const PersonKeys& person, std::size_t limit = 10) {
        return clicks_between(person, 0, env.now_ms(), limit);
    }
    std::vector<std::string> clicks_between(const PersonKeys& person, std::int64_t from_ms,
                                            std::int64_t to_ms, std::size_t limit) {
        std::vector<std::string> ids;
        const auto found = *read([&](Tx& tx) -> Result<std::vector<Touch>> {
            return clicks_of_person(tx, workspace_id, person, from_ms, to_ms, limit);
        });
        for (const auto& each : found) ids.push_back(each.touch_id);
        return ids;
    }
    void make_token() {
        const auto made = write([&](Tx& tx) {
            return create_ingest_token(tx, {.workspace_id = workspace_id, .kind = "public"});
        });
        ASSERT_TRUE(made) << made.error().message;
    }

    const std::int64_t start_ms = env.now_ms();
};

TEST_P(RecordPageViewsTest, HalfAnHourOfNothingEndsASession) {
    struct Case {
        std::vector<int> minutes;
        std::string expected;
    };
    const Case table[] = {
        {{0}, "0+0 1/0 "},
        {{0, 29}, "0+29 2/0 "},
        {{0, 30}, "0+0 1/0 30+0 1/0 "},
        {{0, 20, 40, 60}, "0+60 4/0 "},
        {{60, 0, 40, 20}, "0+60 4/0 "},
        {{0, 50, 25}, "0+50 3/0 "},  // the one in between joins them
        {{0, 100, 10, 110}, "0+10 2/0 100+10 2/0 "},
    };
    int number = 0;
    for (const auto& row : table) {
        const auto fingerprint = fmt::format("visitor{}", ++number);
        for (const int minute : row.minutes) record({view(minute, fingerprint)});
        EXPECT_EQ(sessions(fingerprint), row.expected);
        std::vector<PageView> at_once;
        for (const int minute : row.minutes) at_once.push_back(view(minute, fingerprint + "b"));
        record(at_once);
        EXPECT_EQ(sessions(fingerprint + "b"), row.expected);
    }
}

TEST_P(RecordPageViewsTest, AnyOrderAnyBatchesAnyRepeatsEndTheSame) {
    std::random_device device;
    const auto seed = device();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    std::vector<PageView> all;
    for (int i = 0; i < 30; ++i) {
        all.push_back(view(static_cast<std::int64_t>(random() % 600), "story"));
        if (i % 3 == 0) {
            all.back().kind = "event";
            all.back().page_view_id += "e";
        }
    }
    std::ranges::sort(all, {}, &PageView::page_view_id);
    record(all);
    const auto expected = sessions("story");
    for (int round = 0; round < 5; ++round) {
        auto told = all;
        told.insert(told.end(), all.begin(), all.begin() + 10);
        std::ranges::shuffle(told, random);
        const auto fingerprint = fmt::format("story{}", round);
        for (auto& each : told) {
            each.fingerprint = fingerprint;
            each.page_view_id = fmt::format("round{} {}", round, each.page_view_id);
        }
        while (!told.empty()) {
            const auto size =
                static_cast<std::ptrdiff_t>(std::min<std::size_t>(1 + random() % 7, told.size()));
            record({told.begin(), told.begin() + size});
            told.erase(told.begin(), told.begin() + size);
        }
        EXPECT_EQ(sessions(fingerprint), expected);
    }
}

TEST_P(RecordPageViewsTest, WhoLeavesNoTrace) {
    auto nobody = view(0, "");
    auto bot = view(0, "bot");
    bot.bot = true;
    auto test = view(0, "test");
    test.test = true;
    for (auto* each : {&nobody, &bot, &test}) each->session_id = "s1";
    record({nobody, bot, test});
    for (const auto* fingerprint : {"", "bot", "test"}) EXPECT_EQ(sessions(fingerprint), "");
    const auto known = *read([&](Tx& tx) -> Result<std::vector<std::string>> {
        return fingerprints_of_person(tx, workspace_id, {.session_id = "s1"});
    });
    EXPECT_TRUE(known.empty());
    const auto kept = *read([&](Tx& tx) -> Result<std::size_t> {
        return page_views_of_visitor(tx, "bot", 0, start_ms, 10).size();
    });
    EXPECT_EQ(kept, 1U);
}

TEST_P(RecordPageViewsTest, APageViewComesBackAsItWas) {
    auto told = view(1);
    told.kind = "event";
    told.session_id = "s";
    told.utm_source = "nl";
    told.event_name = "buy";
    told.event_data = R"({"n":1})";
    told.network_click = "gclid:x";
    told.os = "Linux";
    record({told});
    const auto found = *read([&](Tx& tx) -> Result<std::vector<PageView>> {
        return page_views_of_visitor(tx, "fp", told.at_ms, told.at_ms, 10);
    });
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].page_view_id, told.page_view_id);
    EXPECT_EQ(found[0].session_id, "s");
    EXPECT_EQ(found[0].utm_source, "nl");
    EXPECT_EQ(found[0].event_name, "buy");
    EXPECT_EQ(found[0].event_data, told.event_data);
    EXPECT_EQ(found[0].network_click, "gclid:x");
    EXPECT_EQ(found[0].os, "Linux");
}

TEST_P(RecordPageViewsTest, ClicksAreFoundByWhateverIsKnownOfAPerson) {
    make_token();
    const auto link = make_link("summer");
    const auto by_address = make_click(link, 77);
    env.advance_ms(1000);
    const auto by_id = make_click(link, 88);
    env.advance_ms(1000);
    make_click(link, 99);  // of somebody else
    env.advance_ms(1000);
    auto landing = view(0);
    landing.visitor = 77;
    landing.click_id = by_id;
    landing.session_id = "s1";
    auto identify = view(1);
    identify.kind = "identify";
    identify.customer_id = "cust";
    identify.email_hash = "hash";
    identify.told_fingerprint = "local";
    record({landing, identify});
    const std::vector<std::string> both{by_id, by_address};
    const std::vector<std::string> none;
    struct Case {
        PersonKeys person;
        std::vector<std::string> expected;
    };
    const Case table[] = {
        {{.visitor_fingerprint = "fp"}, both},
        {{.visitor_fingerprint = "local"}, both},
        {{.session_id = "s1"}, both},
        {{.external_customer_id = "cust"}, both},
        {{.email_hash = "hash"}, both},
        {{.external_customer_id = "other", .session_id = "s1"}, both},
        {{.visitor_fingerprint = "fq"}, none},
        {{.session_id = "s2"}, none},
        {{.customer_id = "cus_nobody"}, none},
        {{}, none},
    };
    for (const auto& row : table) EXPECT_EQ(clicks(row.person), row.expected);
    EXPECT_EQ(clicks({.visitor_fingerprint = "fp"}, 1), std::vector<std::string>{by_id});
    const auto t = click_id_time_ms(by_address);
    EXPECT_EQ(clicks_between({.visitor_fingerprint = "fp"}, t, t, 5), std::vector{by_address});
    EXPECT_EQ(clicks_between({.visitor_fingerprint = "fp"}, t + 1, t + 1000, 5),
              std::vector{by_id});
    EXPECT_EQ(clicks_between({.visitor_fingerprint = "fp"}, t - 9, t - 1, 5), none);
}

TEST_P(RecordPageViewsTest, ASessionOfTooManyVisitorsIsReadInPart) {
    std::vector<PageView> views;
    for (int i = 0; i < limits::kFingerprintsOfPersonMax + 5; ++i) {
        views.push_back(view(0, fmt::format("many{:03}", i)));
        views.back().session_id = "everybody";
    }
    record(views);
    const auto known = *read([&](Tx& tx) -> Result<std::size_t> {
        return fingerprints_of_person(tx, workspace_id, {.session_id = "everybody"}).size();
    });
    EXPECT_EQ(known, static_cast<std::size_t>(limits::kFingerprintsOfPersonMax));
}

TEST_P(RecordPageViewsTest, AnotherDeviceOfTheOnlyCustomer) {
    make_token();
    const auto click = make_click(make_link("summer"), 5);
    auto phone = view(0, "phone");
    phone.visitor = 5;
    phone.customer_id = "cust";
    auto laptop = view(1, "laptop");
    laptop.customer_id = "cust";
    auto shared = view(2, "shared");
    shared.customer_id = "cust";
    auto shared_too = view(3, "shared");
    shared_too.customer_id = "somebody else";
    record({phone, laptop, shared, shared_too});
    env.advance_ms(1);
    EXPECT_EQ(clicks({.visitor_fingerprint = "laptop"}), std::vector{click});
    EXPECT_EQ(clicks({.visitor_fingerprint = "shared"}), std::vector<std::string>{});
    EXPECT_EQ(clicks({.external_customer_id = "x", .visitor_fingerprint = "laptop"}),
              std::vector<std::string>{});
}

HW_ON_BOTH_ENGINES(RecordPageViewsTest);

}  // namespace
}  // namespace hw
