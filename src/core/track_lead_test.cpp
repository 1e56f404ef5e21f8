// SPDX-License-Identifier: Apache-2.0
#include "core/track_lead.hpp"

#include <thread>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "core/explain_conversion.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/facts.hpp"

namespace hw {
namespace {

class TrackLeadTest : public EngineTest {
  protected:
    static TrackLead lead_of(const std::string& external_id, const std::string& click_id,
                             const std::string& event = "Sign up") {
        TrackLead lead;
        lead.customer.external_id = external_id;
        lead.click_id = click_id;
        lead.event_name = event;
        return lead;
    }
    Result<TrackedLead> tell(const TrackLead& lead) {
        return write([&](Tx& tx) { return track_lead(tx, lead); });
    }
    TrackedLead accepted(const TrackLead& lead) {
        auto tracked = tell(lead);
        EXPECT_TRUE(tracked.has_value()) << (tracked ? "" : tracked.error().message);
        return tracked ? *tracked : TrackedLead{};
    }
    // "code reason: message" of a refusal.
    std::string refused(const TrackLead& lead) {
        const auto tracked = tell(lead);
        if (tracked) return "accepted";
        return tracked.error().reason + ": " + tracked.error().message;
    }
    Explanation explain(const std::string& id) {
        return *read([&](Tx& tx) { return explain_conversion(tx, id); });
    }
};

TEST_P(TrackLeadTest, AClickBecomesACustomerInEveryMode) {
    const auto link = make_link("lead");
    std::int64_t count = 0;
    for (const auto mode : {LeadMode::Async, LeadMode::Wait}) {
        ++count;
        const auto click = make_click(link, count);
        auto lead = lead_of("user-" + std::to_string(count), click);
        lead.mode = mode;
        lead.customer.name = "Ada";
        lead.customer.email = "ada@shop.example";
        lead.metadata = R"({"plan":"pro"})";
        const auto tracked = accepted(lead);
        EXPECT_EQ(tracked.click_id, click);
        ASSERT_TRUE(tracked.link && tracked.conversion_id);
        EXPECT_EQ(tracked.link->link_id, link.link_id);
        EXPECT_EQ(tracked.customer.name, "Ada");
        EXPECT_EQ(tracked.customer.email, "ada@shop.example");
        EXPECT_EQ(tracked.customer.touch_id, click);
        EXPECT_EQ(tracked.customer.link_id, link.link_id);
        EXPECT_EQ(tracked.customer.clicked_at_ms, env.now_ms());
        EXPECT_EQ(totals(link).leads, count);
        EXPECT_EQ(totals(link).last_lead_at_ms, env.now_ms());
        const auto explained = explain(*tracked.conversion_id);
        EXPECT_EQ(explained.conversion.kind, "lead");
        EXPECT_EQ(explained.conversion.metadata, lead.metadata);
        EXPECT_EQ(explained.conversion.told_click_id, click);
        EXPECT_EQ(explained.decisions.back().rung, "click_id");
        EXPECT_EQ(explained.customer->external_id, lead.customer.external_id);
        env.advance_ms(1000);
    }
    EXPECT_EQ(rows(), (RowCounts{.leads = 2, .customers = 2, .lead_events = 2, .clicks = 2}));
}

TEST_P(TrackLeadTest, DeferredMakesTheCustomerAndTheRealLeadComesLater) {
    const auto link = make_link("deferred");
    const auto click = make_click(link);
    auto lead = lead_of("user-1", click);
    lead.mode = LeadMode::Deferred;
    for (int i = 0; i < 2; ++i) {  // told twice it still is only announced
        const auto deferred = accepted(lead);
        EXPECT_TRUE(deferred.link.has_value());
        EXPECT_EQ(deferred.conversion_id, std::nullopt);
        EXPECT_EQ(totals(link).leads, 0);
    }
    EXPECT_EQ(rows(), (RowCounts{.customers = 1, .clicks = 1}));

    env.advance_ms(30 * kDayMs);
    const auto real = accepted(lead_of("user-1", ""));
    EXPECT_EQ(real.click_id, click);
    ASSERT_TRUE(real.link && real.conversion_id);
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(rows(), (RowCounts{.leads = 1, .customers = 1, .lead_events = 1, .clicks = 1}));

    // Deferring what has happened already changes nothing.
    accepted(lead);
    EXPECT_EQ(totals(link).leads, 1);
}

TEST_P(TrackLeadTest, QuantityMakesThatManyEventsAndOneNews) {
    const auto link = make_link("quantity");
    std::int64_t visitor = 0;
    std::int64_t leads = 0;
    for (const std::int64_t quantity : {1, 2, 100}) {
        ++visitor;
        auto lead = lead_of("user-" + std::to_string(visitor), make_click(link, visitor));
        lead.quantity = quantity;
        accepted(lead);
        leads += quantity;
        EXPECT_EQ(totals(link).leads, leads);
        const auto all =
            *read([&](Tx& tx) -> Result<RollupCounts> { return sum_rollups(tx, "all", ""); });
        EXPECT_EQ(all.leads, leads);
        EXPECT_EQ(
            rows(),
            (RowCounts{
                .leads = leads, .customers = visitor, .lead_events = visitor, .clicks = visitor}));
    }
}

TEST_P(TrackLeadTest, ARepeatedLeadAnswersWithoutALinkForEver) {
    const auto link = make_link("repeat");
    const auto click = make_click(link);
    auto first = lead_of("user-1", click, "Sign up");
    first.customer.name = "Ada";
    accepted(first);
    const auto before = rows();

    struct Row {
        std::string_view event;
        std::string_view click_id;
        std::string_view expected_click_id;
    };
    const Row repeats[] = {{"Sign up", click, click},
                           {"sign up", click, click},
                           {"SIGN-UP", click, click},
                           {"Sign up", "", click},
                           // The id of this request is told back, good or not.
                           {"Sign up", "no-such-click", "no-such-click"}};
    for (const auto wait_ms : {std::int64_t{0}, 8 * kDayMs, 400 * kDayMs}) {
        env.advance_ms(wait_ms);
        for (const auto& row : repeats) {
            auto repeat = lead_of("user-1", std::string(row.click_id), std::string(row.event));
            repeat.customer.name = "Grace";  // an existing customer keeps its attributes
            const auto told = accepted(repeat);
            EXPECT_EQ(told.click_id, row.expected_click_id);
            EXPECT_FALSE(told.link.has_value()) << row.event;
            EXPECT_EQ(told.conversion_id, std::nullopt);
            EXPECT_EQ(told.customer.name, "Ada");
        }
    }
    EXPECT_EQ(rows(), before);

    // Also when the link has gone since.
    change(link, [](Link& l) { l.disabled_at_ms = 1; });
    EXPECT_FALSE(accepted(first).link.has_value());
    EXPECT_EQ(rows(), before);
    // Another event name is another lead.
    change(link, [](Link& l) { l.disabled_at_ms.reset(); });
    EXPECT_TRUE(accepted(lead_of("user-1", "", "Sign_up")).link.has_value());
}

TEST_P(TrackLeadTest, AnExistingCustomerKeepsItsLinkAndTheLeadUsesTheClickOfTheRequest) {
    const auto first = make_link("first");
    const auto second = make_link("second");
    const auto first_click = make_click(first);
    const auto second_click = make_click(second);
    accepted(lead_of("user-1", first_click, "Sign up"));
    const auto later = accepted(lead_of("user-1", second_click, "Trial"));
    EXPECT_EQ(later.customer.link_id, first.link_id);
    EXPECT_EQ(later.customer.touch_id, first_click);
    ASSERT_TRUE(later.link.has_value());
    EXPECT_EQ(later.link->link_id, second.link_id);
    EXPECT_EQ(later.click_id, second_click);
    EXPECT_EQ(totals(first).leads, 1);
    EXPECT_EQ(totals(second).leads, 1);
    EXPECT_EQ(explain(*later.conversion_id).touch->touch_id, second_click);
}

TEST_P(TrackLeadTest, RefusalsByTextAndNoneOfThemClaimsAnything) {
    const auto link = make_link("refused");
    const auto disabled = make_link("disabled");
    const auto deleted = make_link("deleted");
    const auto bot = make_click(link, 7, true);
    const auto of_disabled = make_click(disabled);
    const auto of_deleted = make_click(deleted);
    change(disabled, [](Link& l) { l.disabled_at_ms = 1; });
    const auto removed = write([&](Tx& tx) -> Result<bool> {
        delete_link(tx, deleted);
        return true;
    });
    ASSERT_TRUE(removed.has_value());
    // As a server sees it whose clock is behind.
    const auto earlier = env.now_ms() - limits::kClockSkewMs - 1;
    const auto of_later = make_click(link, 8);

    const std::string nobody =
        "no_customer_and_no_click: The `clickId` property was not provided in the request, and no "
        "existing customer with the provided `customerExternalId` was found.";
    struct Row {
        std::string click_id;
        std::int64_t now_ms;
        std::string expected;
    };
    const auto now = env.now_ms();
    const Row refusals[] = {
        {"", now, nobody},
        {"AAAAAAAAAAAAAAAA", now,
         "click_not_found: Click event not found for clickId: AAAAAAAAAAAAAAAA"},
        {"x", now, "click_not_found: Click event not found for clickId: x"},
        {bot, now, "bot: Click event not found for clickId: " + bot},
        {of_deleted, now, "link_not_found: Link not found for clickId: " + of_deleted},
        {of_disabled, now,
         "link_disabled: Link " + disabled.link_id + " for clickId " + of_disabled +
             " is disabled, lead not tracked"},
        {of_later, earlier, "after_conversion: Click event not found for clickId: " + of_later},
    };
    for (const auto mode : {LeadMode::Async, LeadMode::Wait, LeadMode::Deferred}) {
        for (const auto& row : refusals) {
            env.set_now_ms(row.now_ms);
            auto lead = lead_of("user-1", row.click_id);
            lead.mode = mode;
            EXPECT_EQ(refused(lead), row.expected);
        }
    }
    env.set_now_ms(now);
    EXPECT_EQ(rows(), (RowCounts{.clicks = 3, .bot_clicks = 1}));

    // So the correct retry is recorded.
    EXPECT_TRUE(accepted(lead_of("user-1", make_click(link, 9))).link.has_value());
    EXPECT_EQ(rows().leads, 1);
    // A customer without a click cannot stand in for one either.
    const auto made = write([&](Tx& tx) -> Result<bool> {
        Customer customer;
        customer.workspace_id = workspace_id;
        customer.customer_id = tx.new_id("cus_");
        customer.external_id = "by-hand";
        return insert_customer(tx, customer);
    });
    ASSERT_TRUE(made && *made);
    EXPECT_EQ(refused(lead_of("by-hand", "")), nobody);
}

// Two servers' clocks may differ a little: a click that seems to lie ahead counts.
TEST_P(TrackLeadTest, ClockSkewOfFiveMinutesIsForgiven) {
    const auto link = make_link("skew");
    const auto click = make_click(link);
    env.advance_ms(-limits::kClockSkewMs);
    EXPECT_TRUE(accepted(lead_of("user-1", click)).link.has_value());
}

TEST_P(TrackLeadTest, WorkspacesDoNotSeeEachOther) {
    const auto click = make_click(make_link("mine"));
    const auto stranger = db->write_now<TrackedLead>("ws_stranger_" + workspace_id, [&](Tx& tx) {
        return track_lead(tx, lead_of("user-1", click));
    });
    ASSERT_FALSE(stranger.has_value());
    EXPECT_EQ(stranger.error().reason, "click_not_found");
}

TEST_P(TrackLeadTest, ManyAtOnceAreOneLeadAndOneCustomer) {
    const auto link = make_link("together");
    std::vector<std::string> clicks;
    for (std::int64_t i = 0; i < 64; ++i) clicks.push_back(make_click(link, i + 1));
    std::atomic<int> with_link{0};
    std::atomic<int> failed{0};
    {
        std::vector<std::jthread> threads;
        for (const auto& click : clicks) {
            threads.emplace_back([&, click] {
                const auto told = tell(lead_of("user-1", click));
                if (!told) ++failed;
                if (told && told->link) ++with_link;
            });
        }
    }
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(with_link, 1);
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(rows(), (RowCounts{.leads = 1, .customers = 1, .lead_events = 1, .clicks = 64}));
}

HW_ON_BOTH_ENGINES(TrackLeadTest);

}  // namespace
}  // namespace hw
