// SPDX-License-Identifier: Apache-2.0
#include "core/explain_conversion.hpp"

#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class ExplainConversionTest : public SaleTest {
  protected:
    std::string text(const std::string& id) { return explanation_text(explain(id)); }
};

TEST_P(ExplainConversionTest, BySaleAndByInvoice) {
    const auto link = make_link("explained");
    const auto click = make_click(link);
    lead("user-1", click);
    auto sale = sale_of("user-1");
    sale.invoice_id = "in_1";
    const auto id = sold(sale);
    for (const auto& name : {id, std::string("in_1")}) {
        const auto found = explain(name);
        EXPECT_EQ(found.conversion.conversion_id, id);
        EXPECT_EQ(found.customer->external_id, "user-1");
        EXPECT_EQ(found.touch->touch_id, click);
        EXPECT_EQ(found.link->link_id, link.link_id);
        ASSERT_EQ(found.decisions.size(), 1U);
    }
    for (const auto* part :
         {"purchase sale_", "\"Purchase\" of 19.99 usd", "(user-1)", "/explained)", "rung lead",
          "confidence certain", "lead         taken", "customer     known_customer"}) {
        EXPECT_NE(text(id).find(part), std::string::npos) << part << "\n" << text(id);
    }
}

TEST_P(ExplainConversionTest, AnOrphanSaysWhy) {
    auto sale = direct_sale("user-1", "no-such-click");
    sale.currency = "kwd";
    sale.amount = 1234;
    const auto tracked = tell(sale);
    const auto found = explain(*tracked.conversion_id);
    EXPECT_FALSE(found.customer || found.touch || found.link);
    const auto told = text(*tracked.conversion_id);
    for (const auto* part : {"1.234 kwd", "fx_missing", "orphan, because click_not_found"}) {
        EXPECT_NE(told.find(part), std::string::npos) << part << "\n" << told;
    }
}

TEST_P(ExplainConversionTest, TheHistoryOfDecisionsIsKept) {
    const auto link = make_link("history");
    auto sale = direct_sale("user-1", "typo");
    sale.invoice_id = "in_1";
    tell(sale);
    sale.click_id = make_click(link);
    sold(sale);
    const auto found = explain("in_1");
    ASSERT_EQ(found.decisions.size(), 2U);
    EXPECT_EQ(found.decisions[0].reason, "click_not_found");
    EXPECT_EQ(found.decisions[1].rung, "click_id");
    EXPECT_EQ(found.decisions[1].seq, 2);
}

TEST_P(ExplainConversionTest, NothingIsFoundOfOthers) {
    auto sale = sale_of("nobody");
    sale.invoice_id = "in_1";
    const auto id = *tell(sale).conversion_id;
    for (const auto& name : {std::string("in_2"), std::string(""), std::string("invoice:in_1")}) {
        const auto missing = read([&](Tx& tx) { return explain_conversion(tx, name); });
        ASSERT_FALSE(missing.has_value()) << name;
        EXPECT_EQ(missing.error().message,
                  "No conversion and no invoice has the id '" + name + "' in this workspace.");
    }
    for (const auto& name : {id, std::string("in_1")}) {
        const auto stranger = db->read_now<Explanation>(
            "ws_stranger", [&](Tx& tx) { return explain_conversion(tx, name); });
        ASSERT_FALSE(stranger.has_value());
        EXPECT_EQ(stranger.error().code, ErrorCode::NotFound);
    }
}

HW_ON_BOTH_ENGINES(ExplainConversionTest);

}  // namespace
}  // namespace hw
