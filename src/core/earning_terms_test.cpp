// SPDX-License-Identifier: Apache-2.0
#include "core/earning_terms.hpp"

#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class EarningTermsTest : public ProgramTest {
  protected:
    // The reward that the event of the link is paid by.
    std::string reward_of(const Link& of, std::string_view event) {
        return *read([&](Tx& tx) -> Result<std::string> {
            const auto terms = earning_terms(tx, of, event);
            return terms ? terms->reward.reward_id : "none";
        });
    }
};

TEST_P(EarningTermsTest, OfWhoseLinkAndWhichEvent) {
    auto stranger = link;
    stranger.partner_id = "pn_x";
    const struct {
        Link link;
        std::string_view event;
        std::string expected;
    } rows[] = {
        {link, "sale", "rw_sale"},  {link, "lead", "rw_lead"},
        {link, "click", "none"},    {make_link("nobody"), "sale", "none"},
        {stranger, "sale", "none"},
    };
    for (const auto& row : rows) EXPECT_EQ(reward_of(row.link, row.event), row.expected);
    for (const auto* status : {"pending", "rejected", "declined", "deactivated", "banned"}) {
        enroll("pn_1", {}, status);
        EXPECT_EQ(reward_of(link, "sale"), "none") << status;
    }
}

TEST_P(EarningTermsTest, FactsOfAPartner) {
    lead("ada", click);
    sold(sale_of("ada", 10'000));
    const struct {
        std::string_view attribute;
        std::string expected;
    } rows[] = {
        {"country", "DE"},           {"totalClicks", "1"},         {"totalLeads", "1"},
        {"totalConversions", "1"},   {"totalSaleAmount", "10000"}, {"totalCommissions", "2300"},
        {"favouriteColour", "none"},
    };
    for (const auto& row : rows) {
        const auto fact = *read([&](Tx& tx) -> Result<std::string> {
            const auto partner = find_partner(tx, workspace_id, "pn_1");
            const auto found = partner_fact(tx, *partner, row.attribute);
            return found ? found->text : "none";
        });
        EXPECT_EQ(fact, row.expected) << row.attribute;
    }
}

HW_ON_BOTH_ENGINES(EarningTermsTest);

}  // namespace
}  // namespace hw
