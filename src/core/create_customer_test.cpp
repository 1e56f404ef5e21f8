// SPDX-License-Identifier: Apache-2.0
#include "core/create_customer.hpp"

#include <algorithm>

#include "base/fault.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/facts.hpp"

namespace hw {
namespace {

class CreateCustomerTest : public EngineTest {
  protected:
    Customer create(const NewCustomer& input, const Link& link, const Touch* touch) {
        const auto made = write(
            [&](Tx& tx) -> Result<Customer> { return create_customer(tx, input, &link, touch); });
        HW_ASSERT(made.has_value());
        return *made;
    }
    std::int64_t avatar_jobs() {
        return *read(
            [&](Tx& tx) -> Result<std::int64_t> { return count_jobs(tx, kCopyAvatarJob); });
    }
};

TEST_P(CreateCustomerTest, IsNamedByNameElseEmailElseAtRandom) {
    const auto link = make_link("named");
    struct Row {
        std::optional<std::string> name;
        std::optional<std::string> email;
        std::optional<std::string> expected_name;  // nothing: made up
        std::optional<std::string> expected_email;
    };
    const Row rows[] = {{"Ada", "a@b.co", "Ada", "a@b.co"},
                        {"Ada", std::nullopt, "Ada", std::nullopt},
                        {std::nullopt, "a@b.co", "a@b.co", "a@b.co"},
                        {"", "a@b.co", "a@b.co", "a@b.co"},
                        {"", "", std::nullopt, std::nullopt},
                        {std::nullopt, std::nullopt, std::nullopt, std::nullopt}};
    int count = 0;
    for (const auto& row : rows) {
        const auto made = create({.external_id = std::to_string(++count),
                                  .name = row.name,
                                  .email = row.email,
                                  .avatar = {}},
                                 link, nullptr);
        EXPECT_EQ(made.email, row.expected_email);
        if (row.expected_name) {
            EXPECT_EQ(made.name, row.expected_name);
        } else {
            EXPECT_GE(std::ranges::count_if(made.name, [](char c) { return c == ' '; }), 2)
                << made.name;  // an adjective, a colour and an animal
        }
        const auto stored = *read([&](Tx& tx) -> Result<std::optional<Customer>> {
            return find_customer(tx, workspace_id, made.customer_id);
        });
        EXPECT_EQ(stored->name, made.name);
        EXPECT_EQ(stored->email, made.email);
    }
}

TEST_P(CreateCustomerTest, RemembersTheClickThatItCameFrom) {
    const auto link = make_link("origin");
    Touch touch;
    touch.workspace_id = workspace_id;
    touch.touch_id = "AAAAAAAAAAAAAAAA";
    touch.at_ms = env.now_ms() - 5000;
    touch.country = "DE";
    const auto from_click =
        create({.external_id = "1", .name = {}, .email = {}, .avatar = {}}, link, &touch);
    EXPECT_EQ(from_click.link_id, link.link_id);
    EXPECT_EQ(from_click.touch_id, touch.touch_id);
    EXPECT_EQ(from_click.clicked_at_ms, touch.at_ms);
    EXPECT_EQ(from_click.country, "DE");
    EXPECT_EQ(from_click.created_at_ms, env.now_ms());

    touch.country = "Unknown";
    EXPECT_EQ(
        create({.external_id = "2", .name = {}, .email = {}, .avatar = {}}, link, &touch).country,
        std::nullopt);
    const auto from_link =
        create({.external_id = "3", .name = {}, .email = {}, .avatar = {}}, link, nullptr);
    EXPECT_EQ(from_link.link_id, link.link_id);
    EXPECT_FALSE(from_link.touch_id || from_link.clicked_at_ms || from_link.country);
}

TEST_P(CreateCustomerTest, AnAvatarIsCopiedInTheBackground) {
    const auto link = make_link("avatar");
    struct Row {
        std::optional<std::string> avatar;
        std::int64_t expected_jobs;
    };
    int count = 0;
    for (const auto& row : {Row{std::nullopt, 0}, Row{"", 0}, Row{"https://x.example/a.png", 1}}) {
        const auto made = create(
            {.external_id = std::to_string(++count), .name = {}, .email = {}, .avatar = row.avatar},
            link, nullptr);
        EXPECT_EQ(avatar_jobs(), row.expected_jobs);
        EXPECT_EQ(made.avatar.has_value(), row.expected_jobs == 1);
    }
}

// Two transactions make one customer at the same moment: the one that comes second runs again.
TEST_P(CreateCustomerTest, AClashIsRunAgain) {
    const auto link = make_link("clash");
    const NewCustomer input{.external_id = "1", .name = "Ada", .email = {}, .avatar = {}};
    create(input, link, nullptr);
    const auto clash = write([&](Tx& tx) -> Result<bool> {
        try {
            create_customer(tx, input, &link, nullptr);
            return false;
        } catch (const Fault& fault) {
            return fault.kind() == FaultKind::Retryable;
        }
    });
    ASSERT_TRUE(clash.has_value());
    EXPECT_TRUE(*clash);
    EXPECT_EQ(avatar_jobs(), 0);
}

HW_ON_BOTH_ENGINES(CreateCustomerTest);

}  // namespace
}  // namespace hw
