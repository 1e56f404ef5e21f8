// SPDX-License-Identifier: Apache-2.0
#include "core/tags.hpp"

#include <algorithm>

#include "core/create_link.hpp"
#include "store/link_list.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class TagsTest : public EngineTest {
  protected:
    Result<Tag> make(const std::string& name, const std::string& color = "red") {
        env.advance_ms(1);
        return write([&](Tx& tx) { return create_tag(tx, {.name = name, .color = color}); });
    }
};

TEST_P(TagsTest, NamesAreUniqueWithoutCase) {
    ASSERT_TRUE(make("News").has_value());
    struct Row {
        std::string name;
        std::string outcome;
    };
    const Row rows[] = {
        {"News", "A tag with that name already exists."},
        {"NEWS", "A tag with that name already exists."},
        {"News ", "made"},
        {"New", "made"},
    };
    for (const auto& row : rows) {
        const auto made = make(row.name);
        EXPECT_EQ(made ? "made" : made.error().message, row.outcome) << row.name;
    }
}

TEST_P(TagsTest, AColorIsChosenWhenNoneIsNamed) {
    const auto made =
        write([](Tx& tx) { return create_tag(tx, {.name = "any", .color = std::nullopt}); });
    ASSERT_TRUE(made.has_value());
    EXPECT_NE(std::ranges::find(kTagColors, made->color), kTagColors.end());
}

TEST_P(TagsTest, Changes) {
    const auto first = *make("first");
    const auto second = *make("second");
    const auto change = [&](const std::string& id, TagFields fields) {
        const auto changed = write([&](Tx& tx) { return update_tag(tx, id, fields); });
        return changed ? changed->name + " " + changed->color : changed.error().message;
    };
    struct Row {
        std::string id;
        TagFields fields;
        std::string outcome;
    };
    const Row rows[] = {
        {first.tag_id, {.name = {}, .color = "blue"}, "first blue"},
        {first.tag_id, {.name = "FIRST", .color = {}}, "FIRST blue"},
        {first.tag_id, {.name = "Second", .color = {}}, "A tag with that name already exists."},
        {"tag_none", {.name = "x", .color = {}}, "Tag not found."},
    };
    for (const auto& row : rows) EXPECT_EQ(change(row.id, row.fields), row.outcome);
}

TEST_P(TagsTest, ADeletedTagLeavesItsLinks) {
    const auto tag = *make("gone");
    const auto kept = *make("kept");
    CreateLink input;
    input.fields.url = "https://shop.example";
    input.fields.tag_ids = std::vector{tag.tag_id, kept.tag_id};
    const auto link = write([&](Tx& tx) { return create_link(tx, input); });
    ASSERT_TRUE(link.has_value());
    input.fields.tag_ids = std::vector{tag.tag_id};
    ASSERT_TRUE(write([&](Tx& tx) { return create_link(tx, input); }).has_value());
    EXPECT_EQ(write([&](Tx& tx) { return delete_tag(tx, tag.tag_id); }), tag.tag_id);
    LinkFilter tagged;
    tagged.tagged = true;
    EXPECT_EQ(
        read([&](Tx& tx) -> Result<std::int64_t> { return count_links(tx, workspace_id, tagged); }),
        1);
    const auto tags = read([&](Tx& tx) -> Result<LinkTags> {
        return tags_of_links(tx, workspace_id, {link->link.link_id});
    });
    ASSERT_EQ(tags->at(link->link.link_id).size(), 1U);
    EXPECT_EQ(tags->at(link->link.link_id)[0].name, "kept");
    const auto again = write([&](Tx& tx) { return delete_tag(tx, tag.tag_id); });
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().code, ErrorCode::NotFound);
    EXPECT_TRUE(make("gone").has_value());
}

TEST_P(TagsTest, Lists) {
    const auto b = *make("b");
    const auto a = *make("A");
    const auto c = *make("c");
    struct Row {
        TagFilter filter;
        std::string names;
    };
    const auto ids = std::vector{c.tag_id, b.tag_id, std::string("tag_x")};
    const Row rows[] = {
        {{.ids = {}, .search = "", .by_name = true, .ascending = true}, "A b c "},
        {{.ids = {}, .search = "", .by_name = true, .ascending = false}, "c b A "},
        {{.ids = {}, .search = "", .by_name = false, .ascending = true}, "b A c "},
        {{.ids = {}, .search = ""}, "c A b "},
        {{.ids = ids, .search = ""}, "c b "},
        {{.ids = std::vector<std::string>{}, .search = ""}, ""},
        {{.ids = {}, .search = "a"}, "A "},
        {{.ids = {}, .search = "%"}, ""},
        {{.ids = {}, .search = "", .limit = 1, .offset = 1}, "A "},
    };
    for (const auto& row : rows) {
        const auto found = read([&](Tx& tx) -> Result<std::vector<Tag>> {
            return list_tags(tx, workspace_id, row.filter);
        });
        std::string names;
        for (const auto& tag : *found) names += tag.name + " ";
        EXPECT_EQ(names, row.names);
    }
}

HW_ON_BOTH_ENGINES(TagsTest);

}  // namespace
}  // namespace hw
