// SPDX-License-Identifier: Apache-2.0
#include "core/upsert_link.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class UpsertLinkTest : public EngineTest {
  protected:
    Result<LinkWithTotals> upsert(const CreateLink& input) {
        env.advance_ms(1);
        return write([&](Tx& tx) { return upsert_link(tx, input); });
    }
    static CreateLink link_to(const std::string& url) {
        CreateLink input;
        input.fields.url = url;
        return input;
    }
};

TEST_P(UpsertLinkTest, TheUrlAsItIsStoredDecides) {
    const auto first = upsert(link_to("shop.example/a"));
    ASSERT_TRUE(first.has_value());
    const std::string long_path(300, 'p');
    ASSERT_TRUE(upsert(link_to("shop.example/" + long_path)).has_value());
    auto campaign = link_to("https://shop.example/a");
    campaign.fields.url_parameters = {{"utm_source", "mail"}};
    struct Row {
        CreateLink input;
        bool same;
    };
    const Row rows[] = {
        {link_to("https://shop.example/a"), true},           {link_to("shop.example/a"), true},
        {link_to("https://shop.example/a/"), false},         {campaign, false},
        {link_to("shop.example/" + long_path + "q"), false},
    };
    for (const auto& row : rows) {
        const auto found = upsert(row.input);
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->link.link_id == first->link.link_id, row.same) << found->link.url;
        // And the same once more: it is there now.
        EXPECT_EQ(upsert(row.input)->link.link_id, found->link.link_id);
    }
}

TEST_P(UpsertLinkTest, ChangesWhatIsSaid) {
    auto input = link_to("https://shop.example");
    input.fields.key = "first";
    input.fields.title = "T";
    const auto made = upsert(input);
    ASSERT_TRUE(made.has_value());
    auto change = link_to("https://shop.example");
    change.fields.comments = "C";
    const auto changed = upsert(change);
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(changed->link.link_id, made->link.link_id);
    EXPECT_EQ(changed->link.key, "first");
    EXPECT_EQ(changed->link.title, "T");
    EXPECT_EQ(changed->link.comments, "C");
    EXPECT_EQ(changed->link.updated_at_ms, env.now_ms());
    // An updated URL is found under its new name.
    EXPECT_EQ(upsert(link_to("https://shop.example"))->link.link_id, made->link.link_id);
}

TEST_P(UpsertLinkTest, RefusesAsCreationDoes) {
    struct Row {
        std::string url;
        ErrorCode code;
    };
    const Row rows[] = {
        {"", ErrorCode::BadRequest},
        {"no url", ErrorCode::UnprocessableEntity},
    };
    for (const auto& row : rows) {
        const auto refused = upsert(link_to(row.url));
        ASSERT_FALSE(refused.has_value()) << row.url;
        EXPECT_EQ(refused.error().code, row.code);
    }
}

HW_ON_BOTH_ENGINES(UpsertLinkTest);

}  // namespace
}  // namespace hw
