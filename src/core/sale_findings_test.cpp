// SPDX-License-Identifier: Apache-2.0
// What is missing of links; of sales: diagnose_sale_test.cpp.
#include "core/sale_findings.hpp"

#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class SaleFindingsTest : public ProgramTest {
  protected:
    // "code severity" of each.
    Texts findings(const std::string& key) {
        const auto diagnosis = *read([&](Tx& tx) { return diagnose_sale(tx, {.link_slug = key}); });
        Texts found;
        for (const auto& finding : diagnosis.findings) {
            if (finding.code == "inferred") continue;  // what is left when the link is disabled
            found.push_back(finding.code + (finding.is_problem ? " problem" : " note"));
            EXPECT_NE(finding.message, "");
            EXPECT_NE(finding.fix, "");
        }
        return found;
    }
};

TEST_P(SaleFindingsTest, WhatIsMissingOfALink) {
    struct Case {
        std::string key;
        std::function<void(Link&)> change;
        std::optional<bool> click;  // by a bot
        Texts expected;
    };
    const std::int64_t now_ms = env.now_ms();
    const Case cases[] = {
        {"d1", disable, false, {"link_disabled problem"}},
        {"d2",
         [](Link& made) { made.track_conversion = false; },
         false,
         {"conversion_tracking_off problem"}},
        {"d3", [&](Link& made) { made.expires_at_ms = now_ms; }, false, {"link_expired problem"}},
        {"d4", enable, std::nullopt, {"no_click_yet note"}},
        {"d5", enable, true, {"bot_clicks_only note"}},
        {"d6", [](Link& made) { made.partner_id.reset(); }, false, {"no_partner note"}},
    };
    std::int64_t visitor = 50;
    for (const auto& row : cases) {
        const auto made = change(partner_link(row.key, "pn_1"), row.change);
        if (row.click) make_click(made, ++visitor, *row.click);
        EXPECT_EQ(findings(row.key), row.expected) << row.key;
    }
}

HW_ON_BOTH_ENGINES(SaleFindingsTest);

}  // namespace
}  // namespace hw
