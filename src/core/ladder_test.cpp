// SPDX-License-Identifier: Apache-2.0
// The ladder as a table: what is known, and the rung and the verdicts that follow.
#include "core/ladder.hpp"

#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "store/discount_codes.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

constexpr std::int64_t kSkewMs = limits::kClockSkewMs;

// What is known of the click that a row is about, and of its link.
struct Known {
    std::int64_t age_ms = 0;  // of the click when the sale happens; negative: after it
    bool bot = false;
    std::int64_t disabled_age_ms = -1;  // of the link's disabling; negative: it is enabled
};

enum class Says : std::uint8_t { Nothing, Click, Slug, Lead, Customer };

class LadderTest : public ProgramTest {
  protected:
    LadderTest() {
        // The programme's own click would be a candidate of the workspace: long before all others.
        env.advance_ms(3'000 * kDayMs);
        now_ms = env.now_ms();
    }

    std::string click_at(const Link& on, std::int64_t at_ms, bool bot) {
        Touch touch;
        touch.workspace_id = workspace_id;
        touch.at_ms = at_ms;
        touch.touch_id = new_click_id(at_ms, env);
        touch.link_id = on.link_id;
        touch.bot = bot;
        put([&](Tx& tx) {
            const std::array<const Touch*, 1> touches{&touch};
            insert_touches(tx, touches, Counted::Yes);
        });
        return touch.touch_id;
    }
    Link link_of(const Known& known) {
        auto made = make_link("k" + std::to_string(++links_));
        if (known.disabled_age_ms < 0) return made;
        return change(made,
                      [&](Link& one) { one.disabled_at_ms = now_ms - known.disabled_age_ms; });
    }
    Customer customer_of(const std::optional<Link>& by,
                         const std::optional<std::string>& touch_id) {
        Customer made;
        made.workspace_id = workspace_id;
        made.external_id = made.name = "c" + std::to_string(++customers_);
        if (by) made.link_id = by->link_id;
        made.touch_id = touch_id;
        put([&](Tx& tx) {
            made.customer_id = tx.new_id("cus_");
            insert_customer(tx, made);
        });
        return made;
    }
    void lead_of(const Customer& who, const Link& on, const std::string& touch_id,
                 std::int64_t at_ms) {
        put([&](Tx& tx) {
            Conversion lead;
            lead.workspace_id = workspace_id;
            lead.conversion_id = tx.new_id("ld_");
            lead.kind = "lead";
            lead.event_name = "Sign up";
            lead.customer_id = who.customer_id;
            lead.occurred_at_ms = at_ms;
            insert_conversion(tx, lead);
            Match match;
            match.rung = "click_id";
            match.link = on;
            match.touch = find_touch(tx, workspace_id, touch_id);
            insert_attribution(tx, attribution_of(tx, match, lead.conversion_id, 1));
        });
        env.advance_ms(1);
    }
    // "rung: verdict of each candidate" or "orphan (reason): …"
    std::string outcome(const MatchInput& input) {
        const auto match =
            *read([&](Tx& tx) -> Result<Match> { return match_conversion(tx, input); });
        auto text = match.rung;
        if (match.orphan()) text += " (" + match.reason + ")";
        const char* separator = ": ";
        for (const auto& candidate : match.candidates) {
            text += fmt::format("{}{} {}", separator, candidate.rung, candidate.verdict);
            separator = ", ";
        }
        return text;
    }

    std::int64_t now_ms = 0;

  private:
    int links_ = 0;
    int customers_ = 0;
};

TEST_P(LadderTest, RungsThatAreTold) {
    struct Case {
        Says says;
        Known known;
        std::string expected;
    };
    const Case cases[] = {
        {Says::Click, {.age_ms = 0}, "click_id: click_id taken"},
        {Says::Click, {.age_ms = 3'000 * kDayMs}, "click_id: click_id taken"},
        {Says::Click, {.age_ms = -kSkewMs}, "click_id: click_id taken"},
        {Says::Click,
         {.age_ms = -kSkewMs - 1},
         "orphan (after_conversion): click_id after_conversion"},
        {Says::Click, {.age_ms = 1, .bot = true}, "orphan (bot): click_id bot"},
        {Says::Click,
         {.age_ms = 1, .disabled_age_ms = 0},
         "orphan (link_disabled): click_id link_disabled"},
        {Says::Click,
         {.age_ms = 5, .disabled_age_ms = 3},
         "orphan (link_disabled): click_id link_disabled"},
        {Says::Slug, {.age_ms = 1}, "link_slug: link_slug taken"},
        {Says::Slug, {.age_ms = 1, .bot = true}, "link_slug: link_slug taken"},
        {Says::Slug,
         {.age_ms = 1, .disabled_age_ms = 0},
         "orphan (link_disabled): link_slug link_disabled"},
        {Says::Lead, {.age_ms = 1}, "lead: lead taken, customer customer_without_link"},
        {Says::Lead, {.age_ms = 400 * kDayMs}, "lead: lead taken, customer customer_without_link"},
        {Says::Lead, {.age_ms = -kSkewMs}, "lead: lead taken, customer customer_without_link"},
        {Says::Lead,
         {.age_ms = -kSkewMs - 1},
         "orphan (after_conversion): lead after_conversion, customer customer_without_link"},
        {Says::Lead,
         {.age_ms = 1, .bot = true},
         "orphan (bot): lead bot, customer customer_without_link"},
        {Says::Lead,
         {.age_ms = 1, .disabled_age_ms = 0},
         "orphan (link_disabled): lead link_disabled, customer customer_without_link"},
        {Says::Customer, {.age_ms = 1}, "customer: lead lead_not_found, customer taken"},
        {Says::Customer, {.age_ms = 400 * kDayMs}, "customer: lead lead_not_found, customer taken"},
        {Says::Customer,
         {.age_ms = -kSkewMs - 1},
         "orphan (lead_not_found): lead lead_not_found, customer after_conversion"},
        {Says::Customer,
         {.age_ms = 1, .bot = true},
         "orphan (lead_not_found): lead lead_not_found, customer bot"},
        {Says::Customer,
         {.age_ms = 1, .disabled_age_ms = 0},
         "orphan (lead_not_found): lead lead_not_found, customer link_disabled"},
        {Says::Nothing, {.age_ms = 1}, "orphan (no_customer_and_no_click)"},
    };
    for (const auto& c : cases) {
        const auto on = link_of(c.known);
        const auto id = click_at(on, now_ms - c.known.age_ms, c.known.bot);
        MatchInput input{.occurred_at_ms = now_ms};
        std::optional<Customer> who;
        if (c.says == Says::Click) input.told_click_id = id;
        if (c.says == Says::Slug) input.told_link_slug = on.key;
        if (c.says == Says::Lead) {
            who = customer_of({}, {});
            lead_of(*who, on, id, now_ms);
        }
        if (c.says == Says::Customer) who = customer_of(on, id);
        if (who) input.customer = &*who;
        EXPECT_EQ(outcome(input), c.expected)
            << static_cast<int>(c.says) << " age " << c.known.age_ms;
    }
}

TEST_P(LadderTest, WindowsAreInclusiveToTheMillisecond) {
    struct Case {
        std::string rung;
        std::int64_t window_ms;
        std::int64_t age_ms;
        std::string expected;
    };
    const Case cases[] = {
        {"click_id", kDayMs, kDayMs, "click_id: click_id taken"},
        {"click_id", kDayMs, kDayMs + 1, "orphan (outside_window): click_id outside_window"},
        {"click_id", 0, 0, "click_id: click_id taken"},
        {"click_id", 0, 1, "orphan (outside_window): click_id outside_window"},
        {"click_id", 0, -kSkewMs, "click_id: click_id taken"},
        {"lead", 30 * kDayMs, 30 * kDayMs, "lead: lead taken, customer customer_without_link"},
        {"lead", 30 * kDayMs, 30 * kDayMs + 1,
         "identity_60d: lead outside_window, customer customer_without_link, identity_60d taken"},
    };
    for (const auto& c : cases) {
        const auto on = link_of({});
        const auto id = click_at(on, now_ms - c.age_ms, false);
        MatchInput input{.occurred_at_ms = now_ms};
        input.policy.rungs[c.rung] = {.enabled = true, .window_ms = c.window_ms};
        std::optional<Customer> who;
        if (c.rung == "lead") {
            who = customer_of({}, {});
            lead_of(*who, on, id, now_ms);
            input.customer = &*who;
        } else {
            input.told_click_id = id;
        }
        EXPECT_EQ(outcome(input), c.expected) << c.rung << " age " << c.age_ms;
    }
}

// The customer's own click, with the rungs above switched off.
TEST_P(LadderTest, IdentityBySixtyAndNinetyDays) {
    struct Case {
        Known known;
        std::string expected;
    };
    const Case cases[] = {
        {{.age_ms = 0}, "identity_60d: identity_60d taken"},
        {{.age_ms = 60 * kDayMs}, "identity_60d: identity_60d taken"},
        {{.age_ms = 60 * kDayMs + 1},
         "identity_90d: identity_60d outside_window, identity_90d taken"},
        {{.age_ms = 90 * kDayMs}, "identity_90d: identity_60d outside_window, identity_90d taken"},
        {{.age_ms = 90 * kDayMs + 1},
         "orphan (outside_window): identity_60d outside_window, identity_90d outside_window"},
        {{.age_ms = -kSkewMs}, "identity_60d: identity_60d taken"},
        {{.age_ms = -kSkewMs - 1}, "orphan (after_conversion): identity_60d after_conversion"},
        {{.age_ms = 1, .bot = true}, "orphan (bot): identity_60d bot"},
        {{.age_ms = 1, .disabled_age_ms = 1}, "orphan (link_disabled): identity_60d link_disabled"},
    };
    for (const auto& c : cases) {
        const auto on = link_of(c.known);
        const auto who = customer_of(on, click_at(on, now_ms - c.known.age_ms, c.known.bot));
        MatchInput input{.occurred_at_ms = now_ms, .customer = &who};
        input.policy.rungs["lead"] = {.enabled = false, .window_ms = {}};
        input.policy.rungs["customer"] = {.enabled = false, .window_ms = {}};
        EXPECT_EQ(outcome(input), c.expected) << c.known.age_ms;
    }
}

TEST_P(LadderTest, TheWorkspacesLatestClick) {
    struct Case {
        std::int64_t age_ms;
        InferredMatch inferred;
        bool may_infer;
        std::string expected;
    };
    const auto kAttribute = InferredMatch::Attribute;
    const Case cases[] = {
        {2'000 * kDayMs, InferredMatch::Off, true, "orphan (no_customer_and_no_click)"},
        {1'900 * kDayMs, kAttribute, false, "orphan (no_customer_and_no_click)"},
        {1'800 * kDayMs, InferredMatch::Suggest, true,
         "orphan (inferred_match_suggested): workspace_any suggested"},
        {1'700 * kDayMs, kAttribute, true, "workspace_any: workspace_any taken"},
        {91 * kDayMs, InferredMatch::AttributeAndPay, true, "workspace_any: workspace_any taken"},
        {90 * kDayMs, kAttribute, true, "workspace_90d: workspace_90d taken"},
        {60 * kDayMs + 1, kAttribute, true, "workspace_90d: workspace_90d taken"},
        {60 * kDayMs, kAttribute, true, "workspace_60d: workspace_60d taken"},
        {1, kAttribute, true, "workspace_60d: workspace_60d taken"},
        {-kSkewMs, kAttribute, true, "workspace_60d: workspace_60d taken"},
    };
    const auto on = link_of({});
    for (const auto& c : cases) {
        click_at(on, now_ms - c.age_ms, false);
        MatchInput input{.occurred_at_ms = now_ms};
        input.policy.inferred = c.inferred;
        input.may_infer = c.may_infer;
        const auto told = outcome(input);
        // The older clicks of the rows before are candidates too: the deciding one is looked at.
        const auto deciding = [](std::string text) {
            std::string kept = text.substr(0, text.find(": "));
            for (const auto* verdict : {" taken", " suggested"}) {
                const auto at = text.find(verdict);
                if (at == std::string::npos) continue;
                const auto from = text.rfind(' ', at - 1) + 1;
                kept += ": " + text.substr(from, at - from) + verdict;
            }
            return kept;
        };
        EXPECT_EQ(deciding(told), c.expected) << told;
    }
}

TEST_P(LadderTest, NobodysBotAndNobodysLateClickIsInferred) {
    const auto on = link_of({});
    click_at(on, now_ms - 10, true);
    click_at(on, now_ms + kSkewMs + 1, false);
    MatchInput input{.occurred_at_ms = now_ms};
    input.may_infer = true;
    input.policy.rungs["workspace_any"] = {.enabled = true, .window_ms = 100 * kDayMs};
    // Only the programme's own click of long ago is left.
    EXPECT_EQ(outcome(input),
              "orphan (outside_window): workspace_60d outside_window, workspace_90d "
              "outside_window, workspace_any outside_window");
}

TEST_P(LadderTest, AProofEndsTheSearchForOneWithout) {
    const auto on = link_of({});
    const auto id = click_at(on, now_ms - 10, false);
    click_at(on, now_ms - 5, false);
    MatchInput input{.occurred_at_ms = now_ms, .told_click_id = id};
    input.may_infer = true;
    EXPECT_EQ(outcome(input), "click_id: click_id taken");
}

TEST_P(LadderTest, WhatWasToldInSeveralPlaces) {
    const auto one = link_of({});
    const auto two = link_of({});
    const auto older = click_at(one, now_ms - 20, false);
    const auto newer = click_at(two, now_ms - 10, false);
    MatchInput input{.occurred_at_ms = now_ms};
    input.evidence.click_ids = {older, newer, "0000000000000000"};
    EXPECT_EQ(outcome(input),
              "click_id: click_id taken, click_id not_first, click_id click_not_found");
    input.policy.first_touch = true;
    const auto first = *read([&](Tx& tx) -> Result<Match> { return match_conversion(tx, input); });
    EXPECT_EQ(first.link->link_id, one.link_id);
    input.evidence.click_ids.clear();
    input.evidence.link_slugs = {one.key, "unknown"};
    EXPECT_EQ(outcome(input), "link_slug: link_slug taken, link_slug link_not_found");
}

TEST_P(LadderTest, EachRungCanBeSwitchedOff) {
    const auto on = link_of({});
    const auto id = click_at(on, now_ms - 10, false);
    const auto who = customer_of(on, id);
    lead_of(who, on, id, now_ms);
    MatchInput input{
        .occurred_at_ms = now_ms, .told_click_id = id, .told_link_slug = on.key, .customer = &who};
    const char* expected[] = {"click_id",     "link_slug",    "lead",  "customer",
                              "identity_60d", "identity_90d", "orphan"};
    for (const auto* rung : expected) {
        const auto told = outcome(input);
        EXPECT_EQ(told.substr(0, told.find_first_of(": ")), rung) << told;
        input.policy.rungs[rung] = {.enabled = false, .window_ms = {}};
    }
}

// A sale does not prove its own origin: the lead and the customer that it brought do not count.
TEST_P(LadderTest, TheLeadThatTheSaleBroughtIsNoEvidence) {
    const auto on = link_of({});
    const auto id = click_at(on, now_ms - 10, false);
    const auto who = customer_of(on, id);
    lead_of(who, on, id, now_ms);
    const auto lead = *read([&](Tx& tx) -> Result<std::string> {
        return find_attributed_lead(tx, workspace_id, who.customer_id, {}, now_ms)->lead_id;
    });
    MatchInput input{.occurred_at_ms = now_ms, .customer = &who};
    EXPECT_EQ(outcome(input), "lead: lead taken, customer lower_rung");
    input.own_lead_id = lead;
    EXPECT_EQ(outcome(input),
              "orphan (lead_not_found): lead lead_not_found, customer customer_without_link");
    input.had_origin = true;
    EXPECT_EQ(outcome(input), "customer: lead lead_not_found, customer taken");
}

// A lead that came later explains a sale only when there is none from before.
TEST_P(LadderTest, TheLeadThatTheCustomerHadThen) {
    const auto before = link_of({});
    const auto after = link_of({});
    const auto who = customer_of({}, {});
    const auto matched = [&] {
        MatchInput input{.occurred_at_ms = now_ms, .customer = &who};
        return read([&](Tx& tx) -> Result<std::string> {
                   return match_conversion(tx, input).link->link_id;
               })
            .value_or("?");
    };
    lead_of(who, after, click_at(after, now_ms - 10, false), now_ms + kDayMs);
    EXPECT_EQ(matched(), after.link_id);
    lead_of(who, before, click_at(before, now_ms - 20, false), now_ms);
    EXPECT_EQ(matched(), before.link_id);
}

HW_ON_BOTH_ENGINES(LadderTest);

}  // namespace
}  // namespace hw
