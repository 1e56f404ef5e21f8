// SPDX-License-Identifier: Apache-2.0
#include "core/match_conversion.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "store/conversions.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class MatchConversionTest : public EngineTest {
  protected:
    const std::int64_t now_ms = env.now_ms();

    std::string click_at(const Link& link, std::int64_t at_ms, bool bot = false) {
        Touch touch;
        touch.workspace_id = link.workspace_id;
        touch.at_ms = at_ms;
        touch.touch_id = new_click_id(at_ms, env);
        touch.link_id = link.link_id;
        touch.bot = bot;
        const auto stored = write([&](Tx& tx) -> Result<bool> {
            const std::array<const Touch*, 1> touches{&touch};
            insert_touches(tx, touches, Counted::Yes);
            return true;
        });
        HW_ASSERT(stored.has_value());
        return touch.touch_id;
    }
    Customer customer(const std::string& external_id, const std::optional<Link>& link,
                      const std::optional<std::string>& click_id) {
        Customer made;
        made.workspace_id = workspace_id;
        made.external_id = made.name = external_id;
        if (link) made.link_id = link->link_id;
        made.touch_id = click_id;
        const auto stored = write([&](Tx& tx) -> Result<bool> {
            made.customer_id = tx.new_id("cus_");
            return insert_customer(tx, made);
        });
        HW_ASSERT(stored && *stored);
        return made;
    }
    // A lead as it would have been recorded at that time.
    std::string lead(const Customer& who, const std::string& event, const std::string& click_id,
                     const Link& link) {
        Conversion lead;
        lead.workspace_id = workspace_id;
        lead.kind = "lead";
        lead.event_name = event;
        lead.customer_id = who.customer_id;
        lead.occurred_at_ms = env.now_ms();
        const auto stored = write([&](Tx& tx) -> Result<bool> {
            lead.conversion_id = tx.new_id("ld_");
            insert_conversion(tx, lead);
            Match match;
            match.rung = "click_id";
            match.touch = find_touch(tx, workspace_id, click_id);
            match.link = link;
            insert_attribution(tx, attribution_of(tx, match, lead.conversion_id, 1));
            return true;
        });
        HW_ASSERT(stored.has_value());
        env.advance_ms(1);  // ids of the same millisecond have no order
        return lead.conversion_id;
    }

    Match match(const MatchInput& input) {
        const auto result =
            read([&](Tx& tx) -> Result<Match> { return match_conversion(tx, input); });
        HW_ASSERT(result.has_value());
        return *result;
    }
    // "rung: candidate verdict, candidate verdict", or "orphan (reason): ..."
    static std::string text_of(const Match& match) {
        auto text = match.rung;
        if (match.orphan()) text += " (" + match.reason + ")";
        const char* separator = ": ";
        for (const auto& candidate : match.candidates) {
            text += fmt::format("{}{} {}", separator, candidate.rung, candidate.verdict);
            separator = ", ";
        }
        return text;
    }
};

TEST_P(MatchConversionTest, RungByRungWithoutACustomer) {
    const auto link = make_link("ladder");
    const auto disabled = make_link("disabled");
    const auto deleted = make_link("deleted");
    const auto click = click_at(link, now_ms - 1000);
    const auto bot = click_at(link, now_ms - 1000, true);
    const auto later = click_at(link, now_ms + limits::kClockSkewMs + 1);
    const auto of_disabled = click_at(disabled, now_ms - 1000);
    const auto of_deleted = click_at(deleted, now_ms - 1000);
    change(disabled, disable);
    remove(deleted);

    struct Row {
        std::string_view click_id;
        std::string_view slug;
        std::string_view expected;
    };
    const Row rows[] = {
        {"", "", "orphan (no_customer_and_no_click)"},
        {click, "", "click_id: click_id taken"},
        {click, "ladder", "click_id: click_id taken, link_slug lower_rung"},
        {click, "nothing", "click_id: click_id taken, link_slug link_not_found"},
        {"", "ladder", "link_slug: link_slug taken"},
        {"", "LADDER", "link_slug: link_slug taken"},
        {"", "nothing", "orphan (link_not_found): link_slug link_not_found"},
        {"", "disabled", "orphan (link_disabled): link_slug link_disabled"},
        {"unknown", "", "orphan (click_not_found): click_id click_not_found"},
        {"unknown", "ladder", "link_slug: click_id click_not_found, link_slug taken"},
        {bot, "", "orphan (bot): click_id bot"},
        {bot, "ladder", "link_slug: click_id bot, link_slug taken"},
        {later, "", "orphan (after_conversion): click_id after_conversion"},
        {of_disabled, "", "orphan (link_disabled): click_id link_disabled"},
        {of_disabled, "ladder", "link_slug: click_id link_disabled, link_slug taken"},
        {of_deleted, "", "orphan (link_not_found): click_id link_not_found"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(text_of(match({.occurred_at_ms = now_ms,
                                 .told_click_id = row.click_id,
                                 .told_link_slug = row.slug})),
                  row.expected)
            << row.click_id << " / " << row.slug;
    }
}

TEST_P(MatchConversionTest, RungByRungForACustomer) {
    const auto own = make_link("own");
    const auto other = make_link("other");
    const auto own_click = click_at(own, now_ms - 3000);
    const auto lead_click = click_at(other, now_ms - 2000);
    const auto told = click_at(other, now_ms - 1000);
    const auto with_lead = customer("with-lead", own, own_click);
    lead(with_lead, "Sign up", lead_click, other);
    const auto no_lead = customer("no-lead", own, own_click);
    const auto no_link = customer("no-link", std::nullopt, std::nullopt);

    struct Row {
        const Customer& who;
        std::string_view click_id;
        std::string_view slug;
        bool follow_lead_only;
        std::string_view expected;
    };
    const Row rows[] = {
        {with_lead, "", "", false, "lead: lead taken, customer lower_rung"},
        {with_lead, "", "", true, "lead: lead taken, customer known_customer"},
        {with_lead, told, "", false,
         "click_id: click_id taken, lead lower_rung, customer lower_rung"},
        {with_lead, told, "", true,
         "lead: click_id known_customer, lead taken, customer known_customer"},
        {with_lead, "unknown", "", true,
         "lead: click_id click_not_found, lead taken, customer known_customer"},
        {with_lead, "", "own", false,
         "link_slug: link_slug taken, link_slug not_first, lead lower_rung, customer lower_rung"},
        {no_lead, "", "", false, "customer: lead lead_not_found, customer taken"},
        {no_lead, "", "", true,
         "orphan (lead_not_found): lead lead_not_found, customer known_customer"},
        // What the request says beside the lead is no reason either.
        {no_lead, "unknown", "nothing", true,
         "orphan (lead_not_found): click_id click_not_found, link_slug link_not_found, "
         "lead lead_not_found, customer known_customer"},
        {no_link, "", "", false,
         "orphan (lead_not_found): lead lead_not_found, customer customer_without_link"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(text_of(match({.occurred_at_ms = now_ms,
                                 .told_click_id = row.click_id,
                                 .told_link_slug = row.slug,
                                 .customer = &row.who,
                                 .follow_lead_only = row.follow_lead_only})),
                  row.expected)
            << row.who.external_id << " / " << row.click_id << " / " << row.slug;
    }
}

TEST_P(MatchConversionTest, TheLeadIsTheLatestOrTheNamedOne) {
    const auto link = make_link("lead");
    const auto who = customer("buyer", link, click_at(link, now_ms));
    const auto demo = lead(who, "Demo", click_at(link, now_ms), link);
    const auto trial = lead(who, "Trial", click_at(link, now_ms), link);

    struct Row {
        std::optional<std::string> event_name;
        std::optional<std::string> expected;
    };
    const Row rows[] = {{std::nullopt, trial},
                        {"Demo", demo},
                        {"Trial", trial},
                        {"demo", std::nullopt},
                        {"Signed", std::nullopt}};
    for (const auto& row : rows) {
        const auto matched = match({.occurred_at_ms = env.now_ms(),
                                    .customer = &who,
                                    .lead_event_name = row.event_name,
                                    .follow_lead_only = true});
        const auto& candidate = matched.candidates.front();
        EXPECT_EQ(candidate.rung, "lead");
        EXPECT_EQ(candidate.lead_id, row.expected) << row.event_name.value_or("(latest)");
        EXPECT_EQ(matched.orphan(), !row.expected.has_value());
    }
}

TEST_P(MatchConversionTest, TheLeadsLinkMustStand) {
    const auto own = make_link("own");
    const auto gone = make_link("gone");
    const auto off = make_link("off");
    const auto of_gone = customer("of-gone", own, std::nullopt);
    lead(of_gone, "Sign up", click_at(gone, now_ms), gone);
    remove(gone);
    const auto of_off = customer("of-off", own, std::nullopt);
    lead(of_off, "Sign up", click_at(off, now_ms), off);
    change(off, disable);
    const MatchInput input{.occurred_at_ms = env.now_ms(), .follow_lead_only = true};
    auto told = input;
    told.customer = &of_gone;
    EXPECT_EQ(text_of(match(told)),
              "orphan (link_not_found): lead link_not_found, customer known_customer");
    told.customer = &of_off;
    EXPECT_EQ(text_of(match(told)),
              "orphan (link_disabled): lead link_disabled, customer known_customer");
}

// The window vectors of the attribution rules, on the rung that has one (60 days) and on those
// that have none. Days are 86,400 s, and the time of the conversion counts, never the clock's.
TEST_P(MatchConversionTest, WindowsAreInclusiveInMilliseconds) {
    constexpr std::int64_t kWindow = 60 * kDayMs;
    const auto link = make_link("window");
    // 2026-03-29 and 2026-10-25 are the days when Europe's clocks change.
    const auto t = *parse_time("2026-03-28T12:00:00Z");
    const auto click = click_at(link, t);
    const auto who = customer("buyer", link, click);

    struct Row {
        std::int64_t age_ms;  // of the click when the conversion happened
        std::string_view slug_verdict;
        std::string_view click_verdict;
    };
    const Row rows[] = {
        {0, "taken", "taken"},
        {1, "taken", "taken"},
        {30 * kDayMs, "taken", "taken"},
        {kWindow - 1, "taken", "taken"},
        {kWindow, "taken", "taken"},
        {kWindow + 1, "outside_window", "taken"},
        {400 * kDayMs, "outside_window", "taken"},
        {-1, "taken", "taken"},
        {-limits::kClockSkewMs, "taken", "taken"},
        {-limits::kClockSkewMs - 1, "after_conversion", "after_conversion"},
    };
    for (const auto clock_ms : {t, t + 40 * kDayMs, t + 1000 * kDayMs}) {
        env.set_now_ms(clock_ms);
        for (const auto& row : rows) {
            const auto by_slug = match(
                {.occurred_at_ms = t + row.age_ms, .told_link_slug = "window", .customer = &who});
            ASSERT_EQ(by_slug.candidates.front().touch_id, click);
            EXPECT_EQ(by_slug.candidates.front().verdict, row.slug_verdict) << row.age_ms;
            // Without a click in the window the key itself still names the link.
            EXPECT_EQ(by_slug.rung, "link_slug") << row.age_ms;
            EXPECT_EQ(by_slug.touch.has_value(), row.slug_verdict == "taken") << row.age_ms;
            EXPECT_EQ(by_slug.window_ms, kWindow);
            const auto by_click = match({.occurred_at_ms = t + row.age_ms, .told_click_id = click});
            EXPECT_EQ(by_click.candidates.front().verdict, row.click_verdict) << row.age_ms;
            EXPECT_EQ(by_click.window_ms, std::nullopt);
        }
    }
}

// Two clicks of one person on the link: the latest one inside the window counts.
TEST_P(MatchConversionTest, TheLatestClickWinsThenTheGreatestId) {
    const auto link = make_link("two");
    const auto t = now_ms;
    const auto first = click_at(link, t);
    const auto second = click_at(link, t + 10 * kDayMs);
    env.set_now_ms(t + 11 * kDayMs);
    const auto who = customer("buyer", link, first);
    lead(who, "Sign up", second, link);
    struct Row {
        std::int64_t sold_after_ms;
        std::optional<std::string> expected;
    };
    const Row rows[] = {{5 * kDayMs, first},    // the second click is yet to come
                        {35 * kDayMs, second},  // both are in
                        {65 * kDayMs, second},  // the first is out
                        {71 * kDayMs, std::nullopt}};
    for (const auto& row : rows) {
        const auto matched = match(
            {.occurred_at_ms = t + row.sold_after_ms, .told_link_slug = "two", .customer = &who});
        ASSERT_FALSE(matched.orphan());
        EXPECT_EQ(matched.touch ? std::optional(matched.touch->touch_id) : std::nullopt,
                  row.expected)
            << row.sold_after_ms;
    }

    const auto a = click_at(link, t + 20 * kDayMs);
    const auto b = click_at(link, t + 20 * kDayMs);
    for (const auto& [own, of_lead] : {std::pair(a, b), std::pair(b, a)}) {
        const auto twin = customer("twin-" + own, link, own);
        lead(twin, "Sign up", of_lead, link);
        const auto matched =
            match({.occurred_at_ms = t + 21 * kDayMs, .told_link_slug = "two", .customer = &twin});
        EXPECT_EQ(matched.touch->touch_id, std::max(a, b));
        EXPECT_EQ(matched.candidates.at(1).verdict, "not_first");
    }
}

TEST_P(MatchConversionTest, AtMostFiftyCandidatesAreKeptAndTheTakenOneIsAmongThem) {
    constexpr int kDomains = 60;
    const auto click = click_at(make_link("first"), now_ms);
    const auto all_disabled = [&](int standing) {
        for (int i = 0; i < kDomains; ++i) {
            const auto slug = fmt::format("d{:02}.{}", i, domain);
            const auto made = write([&](Tx& tx) -> Result<bool> {
                insert_domain(tx, {.slug = slug,
                                   .workspace_id = workspace_id,
                                   .domain_id = tx.new_id("dom_"),
                                   .primary = false,
                                   .created_at_ms = 0});
                Link link;
                link.workspace_id = workspace_id;
                link.link_id = tx.new_id("link_");
                link.domain = slug;
                link.key = link.key_folded = fmt::format("many-{}", standing);
                link.url = "https://shop.example/";
                if (i != standing) link.disabled_at_ms = 1;
                return insert_link(tx, link);
            });
            HW_ASSERT(made && *made);
        }
    };
    struct Row {
        int standing;
        std::string_view click_id;
        std::string_view expected;
    };
    const Row rows[] = {
        {0, "", "link_slug"}, {59, "", "link_slug"}, {-1, "", "orphan"}, {58, click, "click_id"}};
    for (const auto& row : rows) {
        all_disabled(row.standing);
        const auto slug = fmt::format("many-{}", row.standing);
        const auto matched = match(
            {.occurred_at_ms = now_ms, .told_click_id = row.click_id, .told_link_slug = slug});
        EXPECT_EQ(matched.rung, row.expected) << row.standing;
        EXPECT_EQ(matched.candidates.size(), limits::kCandidatesRecordedMax);
        EXPECT_EQ(matched.candidates_left_out, kDomains + (row.click_id.empty() ? 0 : 1) - 50);
        const auto taken = std::ranges::count_if(
            matched.candidates, [](const Candidate& c) { return c.verdict == "taken"; });
        EXPECT_EQ(taken, matched.orphan() ? 0 : 1) << row.standing;
    }
}

// Nothing of another workspace is ever evidence, even with the right id.
TEST_P(MatchConversionTest, AnotherWorkspaceIsNoEvidence) {
    const auto link = make_link("mine");
    const auto click = click_at(link, now_ms);
    const auto stranger = db->read_now<Match>("ws_stranger", [&](Tx& tx) -> Result<Match> {
        return match_conversion(
            tx, {.occurred_at_ms = now_ms, .told_click_id = click, .told_link_slug = "mine"});
    });
    ASSERT_TRUE(stranger.has_value());
    EXPECT_EQ(text_of(*stranger),
              "orphan (click_not_found): click_id click_not_found, link_slug link_not_found");
}

TEST_P(MatchConversionTest, TheDecisionIsStoredWithItsEvidence) {
    auto link = make_link("evidence");
    change(link, [](Link& l) { l.partner_id = "pn_1"; });
    const auto click = click_at(link, now_ms - 5);
    const auto who = customer("buyer", link, click);
    const auto lead_id = lead(who, "Sign up", click, link);
    const auto matched = match({.occurred_at_ms = env.now_ms(),
                                .told_click_id = "unknown",
                                .customer = &who,
                                .follow_lead_only = true});
    const auto stored = write([&](Tx& tx) -> Result<Attribution> {
        insert_attribution(tx, attribution_of(tx, matched, "sale_1", 1));
        return *find_attribution(tx, workspace_id, "sale_1");
    });
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->rung, "lead");
    EXPECT_EQ(stored->confidence, "certain");
    EXPECT_EQ(stored->touch_id, click);
    EXPECT_EQ(stored->link_id, link.link_id);
    EXPECT_EQ(stored->partner_id, "pn_1");
    EXPECT_EQ(stored->rule_version, kRuleVersion);
    EXPECT_EQ(stored->decided_by, "engine");
    EXPECT_EQ(stored->decided_at_ms, env.now_ms());
    ASSERT_EQ(stored->candidates.size(), 3U);
    EXPECT_EQ(stored->candidates[0].verdict, "click_not_found");
    EXPECT_EQ(stored->candidates[0].touch_id, std::nullopt);
    EXPECT_EQ(stored->candidates[1].verdict, "taken");
    EXPECT_EQ(stored->candidates[1].lead_id, lead_id);
    EXPECT_EQ(stored->candidates[1].touched_at_ms, now_ms - 5);
    EXPECT_EQ(stored->candidates[2].verdict, "known_customer");
    EXPECT_EQ(stored->candidates[2].link_id, link.link_id);
    EXPECT_EQ(stored->candidates_left_out, 0);
}

HW_ON_BOTH_ENGINES(MatchConversionTest);

}  // namespace
}  // namespace hw
