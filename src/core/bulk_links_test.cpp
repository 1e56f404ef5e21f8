// SPDX-License-Identifier: Apache-2.0
#include "core/bulk_links.hpp"

#include "core/get_link.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class BulkLinksTest : public EngineTest {
  protected:
    static Result<CreateLink> row(const std::string& key,
                                  const std::string& url = "https://shop.example") {
        CreateLink input;
        input.fields.url = url;
        if (!key.empty()) input.fields.key = key;
        return input;
    }
    bool exists(const std::string& key) {
        return read([&](Tx& tx) {
                   return get_link_info(
                       tx, {.domain = domain, .key = key, .link_id = {}, .external_id = {}});
               })
            .has_value();
    }
};

TEST_P(BulkLinksTest, ABadRowDoesNotStopTheRest) {
    make_link("taken");
    auto tagged = row("tagged");
    tagged->fields.tag_ids = std::vector<std::string>{"tag_none"};
    const Result<CreateLink> unreadable =
        fail(ErrorCode::UnprocessableEntity, "unreadable", "test");
    const std::vector<Result<CreateLink>> inputs = {
        row("a"), row("TAKEN"), unreadable, row("b", "data:x"), tagged, row(""), row("c"),
    };
    const auto outcomes = write([&](Tx& tx) { return create_links(tx, inputs); });
    ASSERT_TRUE(outcomes.has_value());
    const std::vector<std::string> expected = {"",
                                               "Duplicate key: This short link already exists.",
                                               "unreadable",
                                               "Invalid destination URL",
                                               "Invalid tagIds detected: tag_none",
                                               "",
                                               ""};
    ASSERT_EQ(outcomes->size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& outcome = outcomes->at(i);
        EXPECT_EQ(outcome ? "" : outcome.error().message, expected[i]) << i;
    }
    EXPECT_TRUE(exists("a"));
    EXPECT_TRUE(exists("c"));
    EXPECT_FALSE(exists("b"));
    EXPECT_FALSE(exists("tagged"));
}

TEST_P(BulkLinksTest, KeysThatStandThereTwiceAreRefused) {
    const std::vector<Result<CreateLink>> inputs = {row("x"),   row("y"), row("X"),
                                                    row("/y/"), row(""),  row("")};
    const auto outcomes = write([&](Tx& tx) { return create_links(tx, inputs); });
    ASSERT_FALSE(outcomes.has_value());
    EXPECT_EQ(outcomes.error().code, ErrorCode::BadRequest);
    EXPECT_EQ(outcomes.error().message,
              "Duplicate links found: " + domain + "/X, " + domain + "//y/");
    EXPECT_FALSE(exists("x"));
}

TEST_P(BulkLinksTest, UpdatesWhatThereIs) {
    const auto a = make_link("a");
    const auto b = make_link("b");
    UpdateLinks input;
    input.link_ids = {a.link_id, "link_none", b.link_id, a.link_id};
    input.fields.comments = "C";
    const auto updated = write([&](Tx& tx) { return update_links(tx, input); });
    ASSERT_TRUE(updated.has_value());
    ASSERT_EQ(updated->size(), 2U);
    for (const auto& each : *updated) EXPECT_EQ(each.outcome->link.comments, "C");
    input.link_ids = {"link_none"};
    EXPECT_TRUE(write([&](Tx& tx) { return update_links(tx, input); })->empty());
}

TEST_P(BulkLinksTest, AnUpdateThatSuitsSomeLinksOnly) {
    const auto tracked = make_link("tracked");
    auto plain = row("plain");
    plain->fields.external_id = "7";
    ASSERT_TRUE(write([&](Tx& tx) { return create_link(tx, *plain); }).has_value());
    UpdateLinks input;
    input.link_ids = {tracked.link_id};
    input.external_ids = {"7"};
    input.fields.test_variants = std::vector<TestVariant>{{"a.example", 50}, {"b.example", 50}};
    const auto updated = write([&](Tx& tx) { return update_links(tx, input); });
    ASSERT_TRUE(updated.has_value());
    ASSERT_EQ(updated->size(), 2U);
    EXPECT_TRUE(updated->at(0).outcome.has_value());
    EXPECT_FALSE(updated->at(1).outcome.has_value());
    input.link_ids = {};
    input.external_ids = {"ext_7"};
    const auto none = write([&](Tx& tx) { return update_links(tx, input); });
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().code, ErrorCode::UnprocessableEntity);
}

TEST_P(BulkLinksTest, DeletesWhatThereIs) {
    const auto a = make_link("a");
    const auto root = make_link("_root");
    ASSERT_TRUE(write([&](Tx& tx) { return create_link(tx, *row("b")); }).has_value());
    const auto deleted = write([&](Tx& tx) -> Result<std::int64_t> {
        return delete_links(tx, {a.link_id, a.link_id, root.link_id, "link_none", "ext_none"});
    });
    EXPECT_EQ(deleted, 1);
    EXPECT_FALSE(exists("a"));
    EXPECT_TRUE(exists("b"));
}

HW_ON_BOTH_ENGINES(BulkLinksTest);

}  // namespace
}  // namespace hw
