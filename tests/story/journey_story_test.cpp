// SPDX-License-Identifier: Apache-2.0
// Pages and clicks that lead to a sale, told as the clients of web pages tell them.
#include "base/civil_time.hpp"
#include "jobs/periodic.hpp"
#include "tests/fixture/story_test.hpp"

namespace hw {
namespace {

class JourneyStory : public StoryTest {
  protected:
    // "kind channel source campaign" of every touch, the first and the last marked.
    std::vector<std::string> journey(const std::string& id) {
        std::vector<std::string> steps;
        const auto told = get("/conversions/" + id + "/journey");
        for (const auto& touch : told.at("touches").as_array()) {
            if (text(touch, "kind") == "lead") continue;
            steps.push_back(line_of(touch) + (touch.at("first").as_bool() ? ", first" : "") +
                            (touch.at("last").as_bool() ? ", last" : ""));
        }
        return steps;
    }
    static std::string line_of(const Json& touch) {
        return text(touch, "kind") + " " + text(touch, "channel") + " " + text(touch, "source") +
               (touch.at("campaign").is_null() ? "" : " " + text(touch, "campaign"));
    }
    std::string credited(const std::string& id, std::string_view model) {
        const auto told = get("/conversions/" + id + "/journey?by=source");
        std::string credits;
        for (const auto& credit : told.at("models").at(model).as_array()) {
            credits += (credits.empty() ? "" : ", ") + text(credit, "key") + " " +
                       std::to_string(credit.at("amount").as_int64());
        }
        return credits;
    }
    // The first body of the recorded client, with other values where these are given.
    Object recorded_page(const Object& other) {
        std::ifstream file(std::string(HW_SOURCE_DIR) + "/testdata/pulsora/ingest_cases.json");
        std::stringstream text;
        text << file.rdbuf();
        auto data =
            boost::json::parse(text.str()).at("cases").at(0).at("body").at("data").as_object();
        for (const auto& member : other) data[member.key()] = member.value();
        return data;
    }
    void see(const std::string& session, const Object& more) {
        Object data{{"url", "https://shop.example/"}, {"session_id", session}};
        for (const auto& member : more) data[member.key()] = member.value();
        page("pageview", data);
    }
    void forget_old_pages() {
        for (const auto& task : periodic_tasks()) {
            if (task.name != "forget_page_views") continue;
            EXPECT_TRUE(task.run(*db).has_value());
        }
    }
    std::size_t pages_of(const std::string& fingerprint) {
        return read([&](Tx& tx) -> Result<std::size_t> {
                   return page_views_of_visitor(tx, fingerprint, 0, env.now_ms(), 100).size();
               })
            .value();
    }
};
HW_ON_BOTH_ENGINES(JourneyStory);

TEST_P(JourneyStory, ARevenueEventIsOfTheJourneyThatLedToIt) {
    enroll("pn_2");
    partner_link("flexus1", "pn_2");
    page("pageview", recorded_page({{"visitor_fingerprint", "fp_1"}}));
    env.advance_ms(kDayMs);
    see("s2", {{"visitor_fingerprint", "fp_1"}, {"referrer", "https://www.blog.example/post"}});
    // Pages within half an hour are one visit, however many.
    see("s2", {{"visitor_fingerprint", "fp_1"}, {"url", "https://shop.example/cart?utm_source=x"}});
    env.advance_ms(kDayMs);
    see("s3", {{"visitor_fingerprint", "fp_1"}});
    const auto sale = revenue({{"transaction_id", "tx_1"},
                               {"customer_id", "cus_1"},
                               {"visitor_fingerprint", "fp_1"},
                               {"session_id", "s3"},
                               {"amount", 100}});
    env.advance_ms(kDayMs);
    see("s4", {{"visitor_fingerprint", "fp_1"}, {"url", "https://shop.example/?utm_source=late"}});

    EXPECT_EQ(journey(sale),
              (Texts{"pageview affiliate nl oct, first", "pageview referral blog.example",
                     "pageview direct direct, last"}));
    EXPECT_EQ(credited(sale, "first"), "nl 10000");
    EXPECT_EQ(credited(sale, "last"), "direct 10000");
    EXPECT_EQ(credited(sale, "last_non_direct"), "blog.example 10000");
    const auto explained = get("/conversions/" + sale + "/explain");
    EXPECT_EQ(line_of(explained.at("firstTouch")), "pageview affiliate nl oct");
    EXPECT_EQ(line_of(explained.at("lastTouch")), "pageview direct direct");
    // The key in the page's URL is the partner's.
    EXPECT_EQ(rungs(sale), "link_slug");
    EXPECT_EQ(commissions(), Texts{"sale 2000 processed"});
    expect_clean_books();
}

TEST_P(JourneyStory, ChannelsOfPages) {
    struct Row {
        Object told;
        std::string expected;
    };
    const Row rows[] = {
        {{}, "direct direct"},
        {{{"referrer", "https://shop.example/other"}}, "direct direct"},
        {{{"referrer", "https://www.Google.com/search"}}, "referral google.com"},
        {{{"url", "https://shop.example/?utm_source=NL"}}, "campaign nl"},
        {{{"url", "https://shop.example/?utm_source=NL&utm_medium=Email&utm_campaign=Oct"}},
         "email nl oct"},
        {{{"url", "https://shop.example/?ref=p1"}}, "affiliate direct"},
        {{{"url", "https://shop.example/?via=nobody"}}, "direct direct"},
    };
    int number = 0;
    for (const auto& row : rows) {
        const auto name = std::to_string(++number);
        auto told = row.told;
        told["visitor_fingerprint"] = "fp-" + name;
        see("s-" + name, told);
        const auto sale = revenue({{"transaction_id", "tx-" + name},
                                   {"customer_id", "c-" + name},
                                   {"session_id", "s-" + name},
                                   {"amount", 1}});
        EXPECT_EQ(journey(sale), Texts{"pageview " + row.expected + ", first, last"});
    }
}

TEST_P(JourneyStory, AClickAndThePageThatItLedToAreOneVisit) {
    const auto click = visit(link);
    env.advance_ms(1'000);
    see("s1", {{"url", "https://shop.example/?utm_source=partner&dub_id=" + click},
               {"visitor_fingerprint", "fp"}});
    env.advance_ms(kDayMs);
    see("s2", {{"visitor_fingerprint", "fp"}});
    const auto sale = revenue({{"transaction_id", "tx"},
                               {"customer_id", "c"},
                               {"session_id", "s2"},
                               {"visitor_fingerprint", "fp"},
                               {"amount", 1}});
    EXPECT_EQ(journey(sale),
              (Texts{"click affiliate direct, first", "pageview direct direct, last"}));
    EXPECT_EQ(rungs(sale), "identity_60d");
}

// The key is evidence for the person who saw it, in its window, and for nobody else.
TEST_P(JourneyStory, AKeyInAPagesUrl) {
    struct Row {
        std::string session;
        std::int64_t age_ms;
        std::string expected;
    };
    const Row rows[] = {
        {"s1", 0, "link_slug"},
        {"s1", 60 * kDayMs, "link_slug"},
        {"s1", 60 * kDayMs + 1, "orphan (outside_window)"},
        {"s2", 0, "orphan (lead_not_found)"},
    };
    int number = 0;
    for (const auto& row : rows) {
        const auto name = std::to_string(++number);
        see("s1" + name, {{"url", "https://shop.example/?via=P1"}});
        const auto at_ms = env.now_ms() - 1 + row.age_ms;
        env.set_now_ms(at_ms);
        const auto sale = revenue({{"transaction_id", "tx-" + name},
                                   {"customer_id", "c-" + name},
                                   {"session_id", row.session + name},
                                   {"amount", 1}});
        EXPECT_EQ(rungs(sale), row.expected) << name;
    }
}

// It may be told after the sale, and by a page that said it before the visitor had a name.
TEST_P(JourneyStory, AKeyThatIsToldLate) {
    const auto seen_ms = env.now_ms();
    env.advance_ms(kHourMs);
    const auto sale = revenue(
        {{"transaction_id", "tx"}, {"customer_id", "c"}, {"session_id", "s1"}, {"amount", 100}});
    EXPECT_EQ(rungs(sale), "orphan (lead_not_found)");
    see("s1",
        {{"url", "https://shop.example/?ref=p1"}, {"event_id", "e1"}, {"occurred_at_ms", seen_ms}});
    EXPECT_EQ(rungs(sale), "orphan (lead_not_found), link_slug");
    EXPECT_EQ(commissions(), Texts{"sale 2000 processed"});
    expect_clean_books();
}

TEST_P(JourneyStory, PagesAreForgottenAndSalesKeepTheirEvidence) {
    see("s1", {{"url", "https://shop.example/?via=p1"}, {"visitor_fingerprint", "fp"}});
    const auto sale = revenue(
        {{"transaction_id", "tx"}, {"customer_id", "c"}, {"session_id", "s1"}, {"amount", 100}});
    const auto before = digest();
    env.advance_ms(395 * kDayMs - 1'000);
    see("s2", {{"visitor_fingerprint", "fp"}});
    forget_old_pages();
    EXPECT_EQ(pages_of("fp"), 2U);
    env.advance_ms(kDayMs);
    forget_old_pages();
    EXPECT_EQ(pages_of("fp"), 1U);
    const auto replayed =
        told("/attribution/replay",
             {{"from", "2026-01-01T00:00:00Z"}, {"to", "2028-01-01T00:00:00Z"}, {"dryRun", false}});
    EXPECT_EQ(boost::json::serialize(replayed.at("conversions")), "[]");
    EXPECT_EQ(rungs(sale), "link_slug");
    EXPECT_EQ(digest(), before);
}

}  // namespace
}  // namespace hw
