// SPDX-License-Identifier: Apache-2.0
#include "core/setup_checklist.hpp"

#include "tests/fixture/inbox_rows.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class SetupChecklistTest : public WithProgram<SaleTest> {
  protected:
    // The names of the steps that are done.
    std::string done() {
        std::string names;
        const auto steps =
            *read([](Tx& tx) -> Result<std::vector<SetupStep>> { return setup_checklist(tx); });
        EXPECT_EQ(steps.size(), 6U);
        for (const auto& step : steps) {
            EXPECT_EQ(step.missing.empty(), step.at_ms.has_value()) << step.name;
            if (step.at_ms) names.append(names.empty() ? "" : " ").append(step.name);
        }
        return names;
    }
};

TEST_P(SetupChecklistTest, StepByStep) {
    EXPECT_EQ(done(), "");
    const auto link = make_link("first");
    make_click(link, 1, true);
    EXPECT_EQ(done(), "") << "a bot is nobody";
    env.advance_ms(1);
    const auto click = make_click(link, 2);
    EXPECT_EQ(done(), "clickSeen");
    tell(direct_sale("typo", "nosuchclick00000"));
    env.advance_ms(1);
    EXPECT_EQ(done(), "clickSeen");
    lead("ada", click);
    EXPECT_EQ(done(), "clickSeen cookieSeen leadSeen");
    sold(sale_of("ada"));
    EXPECT_EQ(done(), "clickSeen cookieSeen leadSeen saleAttributed");
    put([](Tx& tx) { receive(tx, "evt_1", "processed"); });
    EXPECT_EQ(done(), "clickSeen cookieSeen leadSeen webhookVerified saleAttributed");
}

TEST_P(SetupChecklistTest, ALeadThatASaleBroughtIsNone) {
    const auto click = make_click(make_link("direct"));
    sold(direct_sale("ada", click));
    EXPECT_EQ(done(), "clickSeen cookieSeen saleAttributed");
}

HW_ON_BOTH_ENGINES(SetupChecklistTest);

}  // namespace
}  // namespace hw
