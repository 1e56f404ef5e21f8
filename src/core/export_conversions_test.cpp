// SPDX-License-Identifier: Apache-2.0
#include "core/export_conversions.hpp"

#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class ExportConversionsTest : public SaleTest {
  protected:
    ExportConversionsTest() {
        const auto link = make_link("spring");
        const auto click = make_click(link);
        lead("ann", click);
        sold(sale_of("ann", 100));
        env.advance_ms(1'000);
        sold(sale_of("ann", 200));
        env.advance_ms(1'000);
        tell(sale_of("stranger", 300));
        env.advance_ms(1'000);
    }

    // Page by page, " | " between them.
    std::string pages(ExportConversions input) {
        input.now_ms = env.now_ms();
        input.range.interval = input.range.interval.empty() ? "all" : input.range.interval;
        std::string text;
        for (std::string after;;) {
            const auto page = *read([&](Tx& tx) { return export_conversions(tx, input, after); });
            for (const auto& found : page.conversions) {
                const auto& conversion = found.conversion;
                const auto& decision = found.decision;
                text += conversion.kind == "lead" ? "lead" : std::to_string(conversion.amount);
                text += ":" + decision.rung + ":" + found.key.value_or(decision.reason) + " ";
            }
            if (page.last) return text;
            text += "| ";
            after = page.after;
        }
    }
};

TEST_P(ExportConversionsTest, LeadsThenSalesWithTheirDecisions) {
    const struct {
        ExportConversions input;
        std::string expected;
    } rows[] = {
        {{.limit = 100},
         "lead:click_id:spring | 100:lead:spring 200:lead:spring "
         "300:orphan:no_customer_and_no_click "},
        {{.limit = 1},
         "lead:click_id:spring | | 100:lead:spring | 200:lead:spring | "
         "300:orphan:no_customer_and_no_click | "},
        {{.counting = Counting::Leads, .limit = 100}, "lead:click_id:spring "},
        {{.counting = Counting::Sales, .limit = 2},
         "100:lead:spring 200:lead:spring | 300:orphan:no_customer_and_no_click "},
    };
    for (const auto& row : rows) EXPECT_EQ(pages(row.input), row.expected);
}

HW_ON_BOTH_ENGINES(ExportConversionsTest);

}  // namespace
}  // namespace hw
