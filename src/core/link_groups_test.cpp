// SPDX-License-Identifier: Apache-2.0
#include "core/link_groups.hpp"

#include <fmt/format.h>

#include "core/create_link.hpp"
#include "core/delete_link.hpp"
#include "core/folders.hpp"
#include "core/tags.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

using Names = std::vector<std::string>;

class LinkGroupsTest : public EngineTest {
  protected:
    std::string tag(const std::string& name) {
        env.advance_ms(1);
        return write([&](Tx& tx) { return create_tag(tx, {.name = name, .color = "red"}); })
            ->tag_id;
    }
    // Names of the tags, or the refusal.
    std::string chosen(const LinkFields& fields) {
        const auto tags = read([&](Tx& tx) { return choose_tags(tx, workspace_id, fields); });
        if (!tags) return tags.error().message;
        if (!*tags) return "nothing said";
        std::string text;
        for (const auto& each : **tags) text += each.name + " ";
        return text;
    }
};

TEST_P(LinkGroupsTest, TagsAreChosenByIdOrName) {
    const auto a = tag("Alpha");
    const auto b = tag("Beta");
    struct Row {
        std::optional<Names> ids;
        std::optional<Names> names;
        std::string chosen;
    };
    const Row rows[] = {
        {{}, {}, "nothing said"},
        {Names{b, a, b}, {}, "Beta Alpha "},
        {Names{a}, Names{"Beta"}, "Alpha "},
        {Names{}, Names{"beta"}, "Beta "},
        {{}, Names{"ALPHA", "alpha"}, "Alpha "},
        {Names{}, {}, ""},
        {Names{}, Names{}, ""},
        {Names{a, "tag_x", "tag_y"}, {}, "Invalid tagIds detected: tag_x, tag_y"},
        {{}, Names{"Alpha", "Gamma"}, "Invalid tagNames detected: Gamma"},
    };
    for (const auto& row : rows) {
        LinkFields fields;
        fields.tag_ids = row.ids;
        fields.tag_names = row.names;
        EXPECT_EQ(chosen(fields), row.chosen);
    }
}

TEST_P(LinkGroupsTest, FoldersMustExist) {
    const auto folder =
        write([&](Tx& tx) {
            return create_folder(tx, {.name = "F", .description = {}, .access_level = {}});
        })->folder_id;
    struct Row {
        Patch<std::string> said;
        std::string outcome;  // the folder, "none", or the refusal
    };
    const Row rows[] = {
        {{}, "before"},   {Patch<std::string>(std::in_place, std::nullopt), "none"},
        {"", "none"},     {"unsorted", "none"},
        {folder, folder}, {"fold_x", "Folder not found."},
    };
    for (const auto& row : rows) {
        LinkFields fields;
        fields.folder_id = row.said;
        Link link;
        link.folder_id = "before";
        const auto put = read([&](Tx& tx) -> Result<bool> {
            HW_CHECK(put_folder(tx, fields, link));
            return true;
        });
        EXPECT_EQ(put ? link.folder_id.value_or("none") : put.error().message, row.outcome);
    }
}

TEST_P(LinkGroupsTest, LinksComeWithTheirOwnTagsInOrder) {
    const auto a = tag("Alpha");
    const auto b = tag("Beta");
    CreateLink input;
    input.fields.url = "https://shop.example";
    input.fields.tag_ids = Names{b, a};
    const auto both = write([&](Tx& tx) { return create_link(tx, input); });
    input.fields.tag_ids = Names{a};
    const auto one = write([&](Tx& tx) { return create_link(tx, input); });
    const auto bare = make_link("bare");
    ASSERT_TRUE(both && one);
    const auto found = read([&](Tx& tx) -> Result<std::vector<LinkWithTotals>> {
        return with_totals(tx, std::vector{both->link, bare, one->link});
    });
    ASSERT_EQ(found->size(), 3U);
    EXPECT_EQ(found->at(0).tags.size(), 2U);
    EXPECT_EQ(found->at(0).tags.at(0).name, "Beta");
    EXPECT_EQ(found->at(1).tags.size(), 0U);
    EXPECT_EQ(found->at(2).tags.at(0).tag_id, a);
    // A link that is gone leaves no tag behind.
    ASSERT_TRUE(write([&](Tx& tx) { return delete_link(tx, one->link.link_id); }).has_value());
    const auto left = read([&](Tx& tx) -> Result<LinkTags> {
        return tags_of_links(tx, workspace_id, {one->link.link_id});
    });
    EXPECT_TRUE(left->empty());
}

HW_ON_BOTH_ENGINES(LinkGroupsTest);

}  // namespace
}  // namespace hw
