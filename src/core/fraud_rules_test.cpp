// SPDX-License-Identifier: Apache-2.0
#include "core/fraud_rules.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class FraudRulesTest : public EngineTest {
  protected:
    std::vector<FraudRule> rules() {
        return *read([](Tx& tx) -> Result<std::vector<FraudRule>> { return fraud_rules(tx); });
    }
    Result<FraudRule> set(std::string_view rule, const FraudRuleChange& change) {
        return write([&](Tx& tx) { return update_fraud_rule(tx, rule, change); });
    }
};

TEST_P(FraudRulesTest, AreThereFromTheStart) {
    const auto all = rules();
    ASSERT_EQ(all.size(), kFraudRules.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].rule, kFraudRules[i]);
        EXPECT_TRUE(all[i].enabled) << all[i].rule;
        EXPECT_EQ(all[i].updated_at_ms, std::nullopt);
    }
    EXPECT_EQ(all[2].platforms, std::vector<std::string>{"google"});
}

TEST_P(FraudRulesTest, KeepWhatIsSet) {
    ASSERT_TRUE(set(kPaidTraffic, {.enabled = false}));
    ASSERT_TRUE(set(kPaidTraffic, {.platforms = std::vector<std::string>{"bing", "x"}}));
    ASSERT_TRUE(set(kBannedSource, {.domains = std::vector<std::string>{"*.spam.example"}}));
    ASSERT_TRUE(set(kClickFlooding, {.clicks_per_lead = 7}));
    const auto all = rules();
    EXPECT_FALSE(all[2].enabled);
    EXPECT_EQ(all[2].platforms, (std::vector<std::string>{"bing", "x"}));
    EXPECT_EQ(all[2].updated_at_ms, env.now_ms());
    EXPECT_EQ(all[3].domains, std::vector<std::string>{"*.spam.example"});
    EXPECT_TRUE(all[3].enabled);
    EXPECT_EQ(all[7].clicks_per_lead, 7);
    EXPECT_EQ(all[7].clicks_per_visitor_hour, 20);
    const auto refused = set("luck", {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::NotFound);
    EXPECT_TRUE(
        refused.error().message.starts_with("There is no fraud rule 'luck'. The rules are"));
}

HW_ON_BOTH_ENGINES(FraudRulesTest);

}  // namespace
}  // namespace hw
