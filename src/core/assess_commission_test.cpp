// SPDX-License-Identifier: Apache-2.0
#include "core/assess_commission.hpp"

#include <algorithm>

#include "base/id.hpp"
#include "core/fraud_rules.hpp"
#include "store/fraud_groups.hpp"
#include "store/partner_identities.hpp"
#include "store/touches.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

class AssessCommissionTest : public WithProgram<SaleTest> {
  protected:
    AssessCommissionTest() { enroll("pn_1", "pat@partner.example"); }

    // A click with its own data, on a link of the partner.
    std::string visit(const Link& link, const std::function<void(Touch&)>& how) {
        Touch touch;
        touch.workspace_id = workspace_id;
        touch.touch_id = new_click_id(env.now_ms(), env);
        touch.at_ms = env.now_ms();
        touch.link_id = link.link_id;
        touch.visitor = ++visitor_;
        touch.url = "https://shop.example/";
        touch.referer = "(direct)";
        touch.referer_url = "(direct)";
        how(touch);
        put([&](Tx& tx) {
            const Touch* one = &touch;
            insert_touches(tx, {&one, 1}, Counted::No);
        });
        env.advance_ms(1);
        return touch.touch_id;
    }
    std::string visit(const Link& link) {
        return visit(link, [](Touch&) {});
    }
    void lead_of(const std::string& name, const std::optional<std::string>& email,
                 const std::string& click) {
        TrackLead input;
        input.click_id = click;
        input.event_name = "Sign up";
        input.customer.external_id = name;
        input.customer.email = email;
        ASSERT_TRUE(write([&](Tx& tx) { return track_lead(tx, input); }));
        env.advance_ms(1);
    }
    // The rules that hit the newest commission, with what its review says of them.
    Texts hits() {
        return *read([&](Tx& tx) -> Result<Texts> {
            const auto all = list_fraud_groups(tx, {});
            Texts found;
            std::string last;
            each_commission(tx, workspace_id, [&](const Commission& c) { last = c.commission_id; });
            for (const auto& group : all) {
                for (const auto& [event, evidence] :
                     list_fraud_events(tx, group.group_id, "", 99)) {
                    if (event.commission_id == last) found.push_back(event.rule);
                }
            }
            std::ranges::sort(found);
            const auto state = find_commission_state(tx, workspace_id, last);
            EXPECT_EQ(state->status, found.empty() ? "pending" : "hold");
            const auto reviews = reviews_of_commission(tx, workspace_id, last);
            for (const auto& rule : found) {
                EXPECT_TRUE(reviews.at(0).reason.contains(rule)) << reviews.at(0).reason;
            }
            return found;
        });
    }
    void set(std::string_view rule, const FraudRuleChange& change) {
        put([&](Tx& tx) { ASSERT_TRUE(update_fraud_rule(tx, rule, change)); });
    }

  private:
    std::int64_t visitor_ = 1'000;
};

using Texts = std::vector<std::string>;

TEST_P(AssessCommissionTest, WhoTheCustomerIs) {
    const auto link = partner_link("p1", "pn_1");
    struct Row {
        std::optional<std::string> email;
        Texts outcome;
    };
    const Row rows[] = {
        {std::nullopt, {}},
        {"ada@acme.example", {}},
        {"PAT+me@partner.example", {"customerEmailMatch", "selfReferral"}},
        {"sue@partner.example", {"customerEmailMatch"}},
        {"bob@acme.example", {"customerEmailMatch"}},  // as ada before
        {"ada@gmail.com", {}},
        {"bob@gmail.com", {}},
        {"x@mailinator.com", {"customerEmailSuspiciousDomain"}},
        {"y@mailinator.com", {"customerEmailMatch", "customerEmailSuspiciousDomain"}},
    };
    int number = 0;
    for (const auto& row : rows) {
        lead_of(fmt::format("c{}", ++number), row.email, visit(link));
        EXPECT_EQ(hits(), row.outcome) << row.email.value_or("none");
    }
    expect_clean_books();
}

TEST_P(AssessCommissionTest, WhereTheClickCameFrom) {
    const auto link = partner_link("p1", "pn_1");
    set(kBannedSource, {.domains = Texts{"*.deals.example", "coupons.example"}});
    struct Row {
        std::string url, referer, referer_url;
        Texts outcome;
    };
    const Row rows[] = {
        {"https://shop.example/?gclid=1", "(direct)", "(direct)", {"paidTrafficDetected"}},
        {"https://shop.example/?msclkid=1", "(direct)", "(direct)", {}},
        {"https://shop.example/", "Best.Deals.example", "", {"referralSourceBanned"}},
        {"https://shop.example/", "(direct)", "https://coupons.example/", {"referralSourceBanned"}},
        {"https://shop.example/", "news.example", "https://news.example/", {}},
    };
    int number = 0;
    for (const auto& row : rows) {
        lead_of(fmt::format("c{}", ++number), std::nullopt, visit(link, [&](Touch& touch) {
                    touch.url = row.url;
                    touch.referer = row.referer;
                    touch.referer_url = row.referer_url;
                }));
        EXPECT_EQ(hits(), row.outcome) << row.url << " " << row.referer;
    }
    set(kPaidTraffic, {.enabled = false});
    lead_of("off", std::nullopt,
            visit(link, [](Touch& touch) { touch.url = "https://shop.example/?gclid=1"; }));
    EXPECT_EQ(hits(), Texts{});
    expect_clean_books();
}

TEST_P(AssessCommissionTest, ThePartnersOwnVisit) {
    const auto link = partner_link("p1", "pn_1");
    put([](Tx& tx) { put_partner_identity(tx, "pn_1", "visitor", "77"); });
    lead_of("c1", std::nullopt, visit(link, [](Touch& touch) { touch.visitor = 77; }));
    EXPECT_EQ(hits(), Texts{"selfReferral"});
    lead_of("c2", std::nullopt, visit(link, [](Touch& touch) { touch.visitor = 78; }));
    EXPECT_EQ(hits(), Texts{});
}

TEST_P(AssessCommissionTest, Floods) {
    set(kClickFlooding, {.clicks_per_visitor_hour = 2, .clicks_per_lead = 0});
    const auto by_five = [](Touch& touch) { touch.visitor = 5; };
    const auto one = partner_link("p1", "pn_1");
    const auto two = partner_link("p2", "pn_1");
    const auto three = partner_link("p3", "pn_1");
    visit(one, by_five);
    lead_of("c1", std::nullopt, visit(two, by_five));
    EXPECT_EQ(hits(), Texts{});
    visit(make_link("nobodys"), by_five);
    visit(three, [](Touch& touch) { touch.visitor = 6; });
    lead_of("c2", std::nullopt, visit(two, by_five));
    EXPECT_EQ(hits(), Texts{"clickFlooding"});
    env.advance_ms(3'700'000);
    lead_of("c3", std::nullopt, visit(one, by_five));
    EXPECT_EQ(hits(), Texts{});

    set(kClickFlooding, {.clicks_per_visitor_hour = 0, .clicks_per_lead = 2, .clicks_min = 3});
    const auto crowded = partner_link("p4", "pn_1");
    for (int i = 1; i <= 3; ++i) make_click(crowded, i);
    lead_of("c4", std::nullopt, make_click(crowded, 4));
    EXPECT_EQ(hits(), Texts{"clickFlooding"}) << "4 clicks, one lead";
    lead_of("c5", std::nullopt, make_click(crowded, 4));
    EXPECT_EQ(hits(), Texts{}) << "4 clicks, two leads";
}

TEST_P(AssessCommissionTest, WhoThePartnerIs) {
    const auto link = partner_link("p1", "pn_1");
    lead_of("c1", std::nullopt, visit(link));
    EXPECT_EQ(hits(), Texts{});

    enroll("pn_2", "PAT+two@partner.example");
    lead_of("c2", std::nullopt, visit(link));
    EXPECT_EQ(hits(), Texts{"partnerDuplicateAccount"});

    // What waits holds everything new, though the rule is off by now.
    set(kDuplicateAccount, {.enabled = false});
    lead_of("c3", std::nullopt, visit(link));
    EXPECT_EQ(hits(), Texts{"partnerDuplicateAccount"});

    put([](Tx& tx) {
        put_partner_identity(tx, "pn_2", "payout", "iban-1");
        put_partner_identity(tx, "pn_3", "payout", "iban-1");
        put_partner_identity(tx, "pn_3", "payout", "iban-1");
    });
    set(kDuplicateAccount, {.enabled = true});
    enroll("pn_3");
    lead_of("c4", std::nullopt, visit(partner_link("p3", "pn_3")));
    EXPECT_EQ(hits(), Texts{"partnerDuplicateAccount"});

    put([&](Tx& tx) { make_program(tx, "prog_2"); });
    enroll("pn_4", {}, "banned", "prog_2");
    enroll("pn_4");
    lead_of("c5", std::nullopt, visit(partner_link("p4", "pn_4")));
    EXPECT_EQ(hits(), Texts{"partnerCrossProgramBan"});
    const auto group = *read([](Tx& tx) -> Result<std::optional<FraudGroup>> {
        return find_pending_fraud_group(tx, tx.workspace_id(), "pn_4", kCrossProgramBan);
    });
    EXPECT_EQ(group->expires_at_ms, std::nullopt);
    expect_clean_books();
}

TEST_P(AssessCommissionTest, GroupsOfOnePartnerAndRule) {
    const auto link = partner_link("p1", "pn_1");
    lead_of("c1", "a@mailinator.com", visit(link));
    env.advance_ms(1'000);
    set(kCustomerEmailMatch, {.enabled = false});
    lead_of("c2", "b@mailinator.com", visit(link));
    sold(sale_of("c2", 1'000));
    const auto groups =
        *read([](Tx& tx) -> Result<std::vector<FraudGroup>> { return list_fraud_groups(tx, {}); });
    ASSERT_EQ(groups.size(), 1);
    EXPECT_EQ(groups[0].events, 3);
    EXPECT_EQ(groups[0].status, "pending");
    EXPECT_EQ(*groups[0].expires_at_ms, groups[0].last_event_at_ms + 30 * 86'400'000LL);
    EXPECT_GT(groups[0].last_event_at_ms, groups[0].first_event_at_ms);
    EXPECT_EQ(commissions(), (Texts{"lead 300 hold", "lead 300 hold", "sale 200 hold"}));
    expect_clean_books();
}

TEST_P(AssessCommissionTest, ClawbacksAndHandmadeOnesAreNeverHeld) {
    Partner partner;
    partner.partner_id = "pn_1";
    partner.email = "pat@partner.example";
    Customer customer;
    customer.customer_id = "cus_1";
    customer.email = "pat@partner.example";
    struct Row {
        std::string kind;
        std::int64_t earnings;
        bool outcome;
    };
    const Row rows[] = {{"sale", 100, true}, {"sale", -100, false}, {"custom", 100, false}};
    int number = 0;
    for (const auto& row : rows) {
        Commission commission;
        commission.workspace_id = workspace_id;
        commission.commission_id = fmt::format("cm_{}", ++number);
        commission.program_id = "prog_1";
        commission.partner_id = "pn_1";
        commission.kind = row.kind;
        commission.earnings = row.earnings;
        put([&](Tx& tx) {
            EXPECT_EQ(assess_commission(tx, {commission, partner, &customer, true}), row.outcome);
            EXPECT_FALSE(assess_commission(tx, {commission, partner, &customer, true}))
                << "told again";
        });
    }
}

HW_ON_BOTH_ENGINES(AssessCommissionTest);

}  // namespace
}  // namespace hw
