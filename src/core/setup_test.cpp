// SPDX-License-Identifier: Apache-2.0
#include "core/setup.hpp"

#include <latch>
#include <thread>

#include "base/digest.hpp"
#include "base/limits.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class SetupTest : public EngineTest {
  protected:
    std::string token() {
        return db
            ->write_now<std::string>(
                std::string(kOperator),
                [](Tx& tx) -> Result<std::string> { return create_setup_token(tx); })
            .value();
    }
    Result<CompletedSetup> complete(const std::string& with, const std::string& slug) {
        return db->write_now<CompletedSetup>(std::string(kOperator), [&](Tx& tx) {
            return complete_setup(tx, with, {.name = "Shop", .slug = slug});
        });
    }
    bool is_open(const std::string& each) {
        return db
            ->read_now<bool>(std::string(kOperator),
                             [&](Tx& tx) -> Result<bool> {
                                 HW_CHECK(check_setup_token(tx, each));
                                 return true;
                             })
            .has_value();
    }
    std::string slug() { return "setup-" + workspace_id.substr(3); }
};

TEST_P(SetupTest, MakesAWorkspaceOnce) {
    const auto link = token();
    EXPECT_EQ(link.size(), 43U);
    EXPECT_TRUE(is_open(link));
    EXPECT_FALSE(is_open(link + "x"));
    const auto made = complete(link, slug());
    ASSERT_TRUE(made.has_value()) << made.error().message;
    EXPECT_TRUE(made->secret_key.starts_with("dub_"));
    EXPECT_TRUE(made->workspace.publishable_key);
    const auto key = db->read_now<std::optional<ApiKey>>(
        std::string(kOperator), [&](Tx& tx) -> Result<std::optional<ApiKey>> {
            return find_api_key(tx, sha256_hex(made->secret_key));
        });
    ASSERT_TRUE(key && *key);
    EXPECT_EQ((*key)->workspace_id, made->workspace.workspace_id);
    EXPECT_EQ((*key)->scopes, "apis.all");

    EXPECT_FALSE(is_open(link));
    const auto again = complete(link, slug() + "-2");
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().code, ErrorCode::Gone);
    EXPECT_TRUE(again.error().message.contains("headwater keys setup-link"));
}

TEST_P(SetupTest, ARefusalLeavesTheLinkGood) {
    const auto link = token();
    EXPECT_EQ(complete(link, "Not a slug").error().code, ErrorCode::UnprocessableEntity);
    EXPECT_TRUE(is_open(link));
    EXPECT_TRUE(complete(link, slug()).has_value());
}

TEST_P(SetupTest, LinksGrowOld) {
    const auto link = token();
    env.advance_ms(limits::kSetupTokenMs - 1);
    EXPECT_TRUE(is_open(link));
    env.advance_ms(1);
    EXPECT_FALSE(is_open(link));
    EXPECT_EQ(complete(link, slug()).error().code, ErrorCode::Gone);
    token();  // forgets the old ones
    EXPECT_EQ(complete(link, slug()).error().code, ErrorCode::Gone);
}

TEST_P(SetupTest, OfTwoAtOnceOneWins) {
    const auto link = token();
    std::latch start(2);
    std::atomic<int> made = 0;
    {
        std::vector<std::jthread> people;
        for (const auto* end : {"-a", "-b"}) {
            people.emplace_back([&, end] {
                start.arrive_and_wait();
                made += complete(link, slug() + end).has_value() ? 1 : 0;
            });
        }
    }
    EXPECT_EQ(made, 1);
}

HW_ON_BOTH_ENGINES(SetupTest);

}  // namespace
}  // namespace hw
