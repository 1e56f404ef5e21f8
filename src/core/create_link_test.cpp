// SPDX-License-Identifier: Apache-2.0
#include "core/create_link.hpp"

#include "core/create_domain.hpp"
#include "core/get_link.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class CreateLinkTest : public EngineTest {
  protected:
    Result<Link> create(const CreateLink& input) {
        return write([&](Tx& tx) -> Result<Link> { return HW_TRY(create_link(tx, input)).link; });
    }
    static CreateLink link_to(const std::string& url) {
        CreateLink input;
        input.fields.url = url;
        return input;
    }
};

TEST_P(CreateLinkTest, StoresWhatItGives) {
    auto input = link_to("shop.example/a b");
    input.fields.url = "Shop.Example/landing?x=1";
    input.fields.key = "/Summer-Sale/";
    input.fields.external_id = "ext_42";
    input.fields.track_conversion = true;
    input.fields.expires_at = "2027-01-31T12:00:00+01:00";
    const auto link = create(input);
    ASSERT_TRUE(link.has_value()) << link.error().message;
    const auto stored = read([&](Tx& tx) { return get_link(tx, link->link_id); });
    ASSERT_TRUE(stored.has_value());
    for (const auto& each : {*link, stored->link}) {
        EXPECT_EQ(each.workspace_id, workspace_id);
        EXPECT_EQ(each.domain, domain);
        EXPECT_EQ(each.url, "https://Shop.Example/landing?x=1");
        EXPECT_EQ(each.key, "Summer-Sale");
        EXPECT_EQ(each.key_folded, "summer-sale");
        EXPECT_EQ(each.external_id, "42");
        EXPECT_TRUE(each.track_conversion);
        EXPECT_FALSE(each.archived);
        EXPECT_EQ(each.expires_at_ms, 1'801'393'200'000);
        EXPECT_EQ(each.created_at_ms, env.now_ms());
        EXPECT_EQ(each.updated_at_ms, env.now_ms());
    }
    EXPECT_EQ(stored->totals.clicks, 0);
}

TEST_P(CreateLinkTest, RandomKeysHaveTheLengthAndPrefix) {
    const auto plain = create(link_to("https://shop.example"));
    ASSERT_TRUE(plain.has_value());
    EXPECT_EQ(plain->key.size(), 7U);
    EXPECT_EQ(plain->key.find_first_not_of(
                  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
              std::string::npos);
    auto input = link_to("https://shop.example");
    input.key_length = 3;
    input.prefix = "go";
    const auto prefixed = create(input);
    ASSERT_TRUE(prefixed.has_value());
    EXPECT_EQ(prefixed->key.size(), 6U);
    EXPECT_TRUE(prefixed->key.starts_with("go/"));
}

// Every key of length 1 but one is taken: only retries find the last one.
TEST_P(CreateLinkTest, RandomKeysGoRoundTakenAndReservedOnes) {
    auto input = link_to("https://shop.example");
    input.key_length = 1;
    int asked = 0;
    input.key_reserved = [&](std::string_view, std::string_view) { return ++asked < 5; };
    const auto link = create(input);
    ASSERT_TRUE(link.has_value()) << link.error().message;
    EXPECT_EQ(asked, 5);
    input.key_reserved = [](std::string_view, std::string_view) { return true; };
    const auto none = create(input);
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().code, ErrorCode::Conflict);
    EXPECT_EQ(none.error().reason, "no_free_key");
    input.key_reserved = nullptr;
    int made = 0;
    for (int i = 0; i < 40; ++i) made += create(input).has_value() ? 1 : 0;
    // Look-ups do not tell case apart, so there are 36 keys of one character.
    EXPECT_GT(made, 20);
    EXPECT_LE(made, 35);
}

TEST_P(CreateLinkTest, TakenKeysAreRefusedAndChangeNothing) {
    auto first = link_to("https://shop.example/1");
    first.fields.key = "spring";
    first.fields.external_id = "one";
    const auto link = create(first);
    ASSERT_TRUE(link.has_value());

    auto same_key = link_to("https://shop.example/2");
    same_key.fields.key = "SPRING";
    const auto by_key = create(same_key);
    ASSERT_FALSE(by_key.has_value());
    EXPECT_EQ(by_key.error().code, ErrorCode::Conflict);
    EXPECT_EQ(by_key.error().message, "Duplicate key: This short link already exists.");

    auto same_id = link_to("https://shop.example/3");
    same_id.fields.external_id = "ext_one";
    const auto by_id = create(same_id);
    ASSERT_FALSE(by_id.has_value());
    EXPECT_EQ(by_id.error().code, ErrorCode::Conflict);
    EXPECT_EQ(by_id.error().reason, "duplicate_external_id");

    const auto stored = read([&](Tx& tx) { return get_link(tx, "ext_one"); });
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->link.url, "https://shop.example/1");
}

TEST_P(CreateLinkTest, RefusesInTheKnownWords) {
    struct Row {
        std::string field;
        std::string value;
        ErrorCode code;
        std::string message;
    };
    const Row rows[] = {
        {"url", "", ErrorCode::BadRequest, "Missing destination URL"},
        {"url", "javascript:alert(1)", ErrorCode::UnprocessableEntity, "Invalid destination URL"},
        {"domain", "other.example", ErrorCode::Forbidden, "Domain does not belong to workspace."},
        {"key", "a b", ErrorCode::UnprocessableEntity, "Invalid key."},
        {"key", "x.php", ErrorCode::UnprocessableEntity, "Invalid key."},
        {"key", "_x", ErrorCode::UnprocessableEntity, "Invalid key."},
        {"key", "robots.txt", ErrorCode::Forbidden,
         "The key 'robots.txt' is reserved. Choose another one."},
        {"prefix", "a b", ErrorCode::UnprocessableEntity, "Invalid key."},
        {"external_id", "ext_", ErrorCode::UnprocessableEntity,
         "Invalid externalId: there is nothing after the prefix 'ext_'."},
    };
    for (const auto& row : rows) {
        auto input = link_to("https://shop.example");
        if (row.field == "url") input.fields.url = row.value;
        if (row.field == "domain") input.fields.domain = row.value;
        if (row.field == "key") input.fields.key = row.value;
        if (row.field == "prefix") input.prefix = row.value;
        if (row.field == "external_id") input.fields.external_id = row.value;
        const auto link = create(input);
        ASSERT_FALSE(link.has_value()) << row.field << "=" << row.value;
        EXPECT_EQ(link.error().code, row.code) << row.field << "=" << row.value;
        EXPECT_EQ(link.error().message, row.message);
    }
}

TEST_P(CreateLinkTest, TheDomainMayBeNamedInAnyCase) {
    ASSERT_TRUE(write([&](Tx& tx) {
                    return create_domain(tx, workspace_id, "second." + domain);
                }).has_value());
    auto input = link_to("https://shop.example");
    input.fields.domain = "SECOND." + domain;
    const auto link = create(input);
    ASSERT_TRUE(link.has_value()) << link.error().message;
    EXPECT_EQ(link->domain, "second." + domain);
    EXPECT_EQ(create(link_to("https://shop.example"))->domain, domain);
}

TEST_P(CreateLinkTest, TheRootLink) {
    auto input = link_to("https://shop.example");
    input.fields.key = "_root";
    const auto link = create(input);
    ASSERT_TRUE(link.has_value()) << link.error().message;
    EXPECT_EQ(link->key_folded, "_root");
}

TEST_P(CreateLinkTest, ReservedKeysAreRefused) {
    auto input = link_to("https://shop.example");
    input.fields.key = "Track/x";
    std::string asked;
    input.key_reserved = [&](std::string_view host, std::string_view key) {
        asked = std::string(host) + " " + std::string(key);
        return true;
    };
    const auto link = create(input);
    ASSERT_FALSE(link.has_value());
    EXPECT_EQ(link.error().code, ErrorCode::Forbidden);
    EXPECT_EQ(asked, domain + " track/x");
}

HW_ON_BOTH_ENGINES(CreateLinkTest);

}  // namespace
}  // namespace hw
