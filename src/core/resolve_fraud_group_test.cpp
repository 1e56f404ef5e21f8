// SPDX-License-Identifier: Apache-2.0
#include "core/resolve_fraud_group.hpp"

#include <algorithm>

#include "core/settle_commission.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

class ResolveFraudGroupTest : public WithProgram<SaleTest> {
  protected:
    ResolveFraudGroupTest() {
        enroll("pn_1", "pat@partner.example");
        link = partner_link("p1", "pn_1");
    }
    void lead_of(const std::string& name, const std::string& email) {
        TrackLead input;
        input.click_id = make_click(link, ++visitor_);
        input.event_name = "Sign up";
        input.customer.external_id = name;
        input.customer.email = email;
        ASSERT_TRUE(write([&](Tx& tx) { return track_lead(tx, input); }));
        env.advance_ms(1);
    }
    // Of the newest group of that rule.
    std::string group_of(const std::string& rule) {
        const auto groups = *read([&](Tx& tx) -> Result<std::vector<FraudGroup>> {
            FraudGroupFilter filter;
            filter.rule = rule;
            return list_fraud_groups(tx, filter);
        });
        return groups.empty() ? "" : groups[0].group_id;
    }
    // "status resolution", or the refusal.
    std::string resolve(const std::string& group_id, bool is_fraud) {
        const auto resolved =
            write([&](Tx& tx) { return resolve_fraud_group(tx, group_id, {is_fraud, "usr_1"}); });
        if (!resolved) return resolved.error().message;
        return resolved->status + " " + resolved->resolution;
    }
    void review(std::size_t which, const std::string& verdict) {
        const auto id = commission_ids().at(which);
        put([&](Tx& tx) {
            const auto commission = find_commission(tx, workspace_id, id);
            insert_commission_review(tx, *commission, {verdict, {}, {}, "looked at", "usr_1"});
            settle_commission(tx, *commission, "review");
        });
    }
    std::int64_t settle(std::int64_t limit = 10) {
        return *write(
            [&](Tx& tx) -> Result<std::int64_t> { return settle_fraud_groups(tx, limit); });
    }

    Link link;

  private:
    int visitor_ = 0;
};

TEST_P(ResolveFraudGroupTest, ReleasesOnce) {
    lead_of("c1", "sue@partner.example");
    sold(sale_of("c1", 1'000));
    EXPECT_EQ(commissions(), (Texts{"lead 300 hold", "sale 200 hold"}));
    const auto group = group_of("customerEmailMatch");
    EXPECT_EQ(resolve(group, false), "resolved released");
    EXPECT_EQ(commissions(), (Texts{"lead 300 pending", "sale 200 pending"}));
    EXPECT_EQ(resolve(group, false), "resolved released");
    EXPECT_EQ(resolve(group, true), "Fraud group " + group +
                                        " is resolved already: released. Decide about its "
                                        "commissions one by one instead.");
    EXPECT_EQ(resolve("frg_x", true), "Fraud group not found.");
    sold(sale_of("c1", 1'000));  // a person has cleared this customer
    EXPECT_EQ(commissions().back(), "sale 200 pending");
    lead_of("c2", "sam@partner.example");
    EXPECT_EQ(commissions().back(), "lead 300 hold");
    EXPECT_NE(group_of("customerEmailMatch"), group);
    expect_clean_books();
}

TEST_P(ResolveFraudGroupTest, MarksFraud) {
    lead_of("c1", "sue@partner.example");
    EXPECT_EQ(resolve(group_of("customerEmailMatch"), true), "resolved fraud");
    EXPECT_EQ(commissions(), Texts{"lead 0 fraud"});
    sold(sale_of("c1", 1'000));
    EXPECT_EQ(commissions().back(), "sale 200 hold") << "the rule hits again";
    expect_clean_books();
}

// Whatever the order in which two groups of one commission are decided about.
TEST_P(ResolveFraudGroupTest, TwoGroupsHoldOneCommission) {
    struct Row {
        bool match_is_fraud, self_is_fraud;
        std::string outcome;
    };
    const Row rows[] = {{false, false, "lead 300 pending"},
                        {true, false, "lead 0 fraud"},
                        {false, true, "lead 0 fraud"},
                        {true, true, "lead 0 fraud"}};
    int number = 0;
    for (const auto& row : rows) {
        for (const bool match_first : {true, false}) {
            const auto name = std::to_string(++number);
            enroll("pn_" + name + "x", name + "@two.example");
            link = partner_link("two" + name, "pn_" + name + "x");
            lead_of(name, name + "+me@two.example");
            EXPECT_EQ(commissions().back(), "lead 300 hold");
            const auto match = group_of("customerEmailMatch");
            const auto self = group_of("selfReferral");
            resolve(match_first ? match : self,
                    match_first ? row.match_is_fraud : row.self_is_fraud);
            resolve(match_first ? self : match,
                    match_first ? row.self_is_fraud : row.match_is_fraud);
            EXPECT_EQ(commissions().back(), row.outcome) << match_first;
        }
    }
    expect_clean_books();
}

TEST_P(ResolveFraudGroupTest, APersonsWordStands) {
    lead_of("c1", "a@partner.example");
    lead_of("c2", "b@partner.example");
    lead_of("c3", "c@partner.example");
    review(0, "fraud");
    review(1, "hold");
    resolve(group_of("customerEmailMatch"), false);
    EXPECT_EQ(commissions(), (Texts{"lead 0 fraud", "lead 300 hold", "lead 300 pending"}));
    lead_of("c4", "d@partner.example");
    review(3, "none");
    resolve(group_of("customerEmailMatch"), true);
    EXPECT_EQ(commissions().back(), "lead 300 pending");
    expect_clean_books();
}

TEST_P(ResolveFraudGroupTest, TimeReleases) {
    lead_of("c1", "a@partner.example");
    EXPECT_EQ(settle(), 0);
    env.advance_ms(29 * 86'400'000LL);
    EXPECT_EQ(settle(), 0);
    env.advance_ms(86'400'000LL);
    EXPECT_GT(settle(), 0);
    EXPECT_EQ(commissions(), Texts{"lead 300 processed"});
    EXPECT_EQ(settle(), 0);
    const auto group =
        *read([&](Tx& tx) -> Result<std::vector<FraudGroup>> { return list_fraud_groups(tx, {}); });
    EXPECT_EQ(group.at(0).resolution, "expired");
    sold(sale_of("c1", 1'000));  // nobody has cleared the customer
    EXPECT_EQ(commissions().back(), "sale 200 hold");
    expect_clean_books();
}

TEST_P(ResolveFraudGroupTest, LargeGroupsInPieces) {
    for (int i = 0; i < 5; ++i) {
        lead_of(std::to_string(i), std::to_string(i) + "@partner.example");
    }
    env.advance_ms(31 * 86'400'000LL);
    int rounds = 0;
    while (settle(2) > 0) ++rounds;
    EXPECT_GT(rounds, 2);
    EXPECT_EQ(commissions(), Texts(5, "lead 300 processed"));
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(ResolveFraudGroupTest);

}  // namespace
}  // namespace hw
