// SPDX-License-Identifier: Apache-2.0
#include "core/folders.hpp"

#include "core/create_link.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class FoldersTest : public EngineTest {
  protected:
    Result<Folder> make(const std::string& name) {
        env.advance_ms(1);
        return write([&](Tx& tx) { return create_folder(tx, named(name)); });
    }
    static FolderFields named(const std::string& name) {
        FolderFields fields;
        fields.name = name;
        return fields;
    }
};

TEST_P(FoldersTest, NamesAreUniqueWithoutCase) {
    ASSERT_TRUE(make("Spring").has_value());
    struct Row {
        std::string name;
        std::string outcome;
    };
    const Row rows[] = {
        {"spring", "A folder with that name already exists."},
        {"Spring 2", "made"},
    };
    for (const auto& row : rows) {
        const auto made = make(row.name);
        EXPECT_EQ(made ? "made" : made.error().message, row.outcome) << row.name;
    }
}

TEST_P(FoldersTest, Changes) {
    const auto folder = *make("first");
    ASSERT_TRUE(make("second").has_value());
    EXPECT_EQ(folder.access_level, "write");
    const auto change = [&](const std::string& id, const FolderFields& fields) {
        env.advance_ms(1);
        return write([&](Tx& tx) { return update_folder(tx, id, fields); });
    };
    FolderFields fields;
    fields.description = "D";
    fields.access_level = std::optional<std::string>();
    const auto changed = change(folder.folder_id, fields);
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(changed->name, "first");
    EXPECT_EQ(changed->description, "D");
    EXPECT_FALSE(changed->access_level);
    EXPECT_EQ(changed->updated_at_ms, env.now_ms());
    EXPECT_EQ(changed->created_at_ms, folder.created_at_ms);
    struct Row {
        std::string id;
        std::string name;
        ErrorCode code;
    };
    const Row rows[] = {
        {folder.folder_id, "SECOND", ErrorCode::Conflict},
        {"fold_none", "x", ErrorCode::NotFound},
    };
    for (const auto& row : rows) {
        const auto refused = change(row.id, named(row.name));
        ASSERT_FALSE(refused.has_value()) << row.name;
        EXPECT_EQ(refused.error().code, row.code);
    }
}

TEST_P(FoldersTest, LinksOfADeletedFolderAreInNone) {
    const auto folder = *make("gone");
    CreateLink input;
    input.fields.url = "https://shop.example";
    input.fields.folder_id = folder.folder_id;
    const auto link = write([&](Tx& tx) { return create_link(tx, input); });
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->link.folder_id, folder.folder_id);
    EXPECT_EQ(write([&](Tx& tx) { return delete_folder(tx, folder.folder_id); }), folder.folder_id);
    const auto left = read([&](Tx& tx) -> Result<std::optional<Link>> {
        return find_link(tx, workspace_id, link->link.link_id);
    });
    EXPECT_FALSE((*left)->folder_id);
    EXPECT_FALSE(write([&](Tx& tx) { return delete_folder(tx, folder.folder_id); }).has_value());
}

TEST_P(FoldersTest, Lists) {
    for (const auto* name : {"a", "b", "C"}) ASSERT_TRUE(make(name).has_value());
    struct Row {
        FolderFilter filter;
        std::string names;
    };
    const Row rows[] = {
        {{.search = ""}, "C b a "},
        {{.search = "c"}, "C "},
        {{.search = "", .limit = 1, .offset = 2}, "a "},
    };
    for (const auto& row : rows) {
        const auto found = read([&](Tx& tx) -> Result<std::vector<Folder>> {
            return list_folders(tx, workspace_id, row.filter);
        });
        std::string names;
        for (const auto& folder : *found) names += folder.name + " ";
        EXPECT_EQ(names, row.names);
    }
}

HW_ON_BOTH_ENGINES(FoldersTest);

}  // namespace
}  // namespace hw
