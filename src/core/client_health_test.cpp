// SPDX-License-Identifier: Apache-2.0
#include "core/client_health.hpp"

#include "base/civil_time.hpp"
#include "core/record_revenue.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

constexpr std::int64_t kNow = 1'790'000'000'000;

HealthFacts facts_of(const SalesOfSpan& day, const SalesOfSpan& week) {
    return {.last_sale_at_ms = kNow, .day = day, .week = week};
}

TEST(JudgeHealth, TheFirstRuleThatAppliesDecides) {
    struct Case {
        std::string what;
        HealthFacts facts;
        std::string expected;
    };
    auto failing = facts_of({}, {});
    failing.inbox = InboxHealth{.failed = 1};
    const auto inbox_of = [](const InboxHealth& inbox) {
        auto facts = facts_of({}, {});
        facts.inbox = inbox;
        return facts;
    };
    const auto silent = [](std::int64_t verified_at_ms) {
        return InboxHealth{.verified_at_ms = verified_at_ms, .without_payments = {"stripe"}};
    };
    const Case cases[] = {
        {"nothing", {}, "not_working no_conversion"},
        {"a lead is enough", {.last_lead_at_ms = kNow}, "working attributed"},
        {"7 days ago", {.last_sale_at_ms = kNow - 7 * kDayMs}, "working attributed"},
        {"more", {.last_sale_at_ms = kNow - 7 * kDayMs - 1}, "issues silent"},
        {"all orphans", facts_of({}, {.sales = 3, .orphans = 3}), "not_working all_orphans"},
        {"all but one", facts_of({}, {.sales = 3, .orphans = 2}), "working attributed"},
        {"webhooks", failing, "issues webhooks_failing"},
        {"150 s", inbox_of({.clock_skew_ms = 150'999}), "working attributed"},
        {"more", inbox_of({.clock_skew_ms = 151'000}), "issues clock_skew"},
        {"before", inbox_of({.clock_skew_ms = -151'000}), "issues clock_skew"},
        {"no payment in 7 days", inbox_of(silent(kNow - 7 * kDayMs)), "working attributed"},
        {"more", inbox_of(silent(kNow - 7 * kDayMs - 1)), "issues events_missing"},
        {"a fifth", facts_of({.sales = 5, .orphans = 1}, {.sales = 5}), "working attributed"},
        {"more", facts_of({.sales = 9, .orphans = 2}, {.sales = 9}), "issues orphans_24h"},
        {"half", facts_of({}, {.sales = 4, .inferred = 2}), "working attributed"},
        {"more", facts_of({}, {.sales = 4, .inferred = 3}), "issues mostly_inferred"},
    };
    for (const auto& row : cases) {
        const auto verdict = judge_health(row.facts, kNow);
        EXPECT_EQ(fmt::format("{} {}", verdict.status, verdict.rule), row.expected) << row.what;
        EXPECT_NE(verdict.message, "");
    }
}

class ClientHealthTest : public ProgramTest {
  protected:
    ClientHealth health() {
        return *read([](Tx& tx) -> Result<ClientHealth> { return client_health(tx); });
    }
    void paid(const std::string& payment_id, const std::string& slug, bool test = false) {
        RecordRevenue revenue;
        revenue.kind = "purchase";
        revenue.payment_ids = {payment_id};
        revenue.amount = 5'000;
        revenue.currency = "usd";
        revenue.occurred_at_ms = env.now_ms();
        revenue.processor_customer_id = "cus_" + payment_id;
        revenue.evidence.link_slug = slug;
        revenue.test = test;
        ASSERT_TRUE(write([&](Tx& tx) { return record_revenue(tx, revenue); }).has_value());
        env.advance_ms(1);
    }
};

TEST_P(ClientHealthTest, CountsOfTheDayAndOfTheWeek) {
    EXPECT_EQ(health().verdict.rule, "no_conversion");
    paid("in_1", "p1");
    env.advance_ms(2 * kDayMs);
    paid("in_2", "");
    paid("in_3", "p1", true);
    tell(sale_of("nobody"));
    const auto now = health();
    EXPECT_EQ(now.facts.day.sales, 2) << "tests are not counted";
    EXPECT_EQ(now.facts.day.inferred, 1);
    EXPECT_EQ(now.facts.day.orphans, 1);
    EXPECT_EQ(now.facts.day.orphans_by_reason.at("no_customer_and_no_click"), 1);
    EXPECT_EQ(now.facts.week.sales, 3);
    EXPECT_EQ(now.verdict.rule, "orphans_24h");
    EXPECT_TRUE(now.verdict.message.starts_with(
        "1 of the 2 sales of the last 24 hours belong to no link; most often because "
        "no_customer_and_no_click."));
    EXPECT_TRUE(health_text(now).contains("last 7 days: 3 sales, 1 orphans, 1 inferred"));
    env.advance_ms(6 * kDayMs);
    EXPECT_EQ(health().facts.week.sales, 2);
    env.advance_ms(6 * kDayMs);
    EXPECT_EQ(health().verdict.rule, "silent");
}

TEST_P(ClientHealthTest, OfAnotherWorkspaceNothingIsSeen) {
    paid("in_1", "p1");
    workspace_id = "ws_other" + workspace_id;
    const auto made = write([&](Tx& tx) -> Result<bool> {
        Workspace other;
        other.workspace_id = other.slug = other.name = tx.workspace_id();
        return insert_workspace(tx, other);
    });
    ASSERT_TRUE(made && *made);
    EXPECT_EQ(health().verdict.rule, "no_conversion");
}

HW_ON_BOTH_ENGINES(ClientHealthTest);

}  // namespace
}  // namespace hw
