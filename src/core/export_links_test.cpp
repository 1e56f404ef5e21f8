// SPDX-License-Identifier: Apache-2.0
#include "core/export_links.hpp"

#include "core/folders.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ExportLinksTest : public EngineTest {
  protected:
    std::string keys(const LinkQuery& which, const std::string& after = {},
                     std::int64_t limit = 100) {
        const auto links = *read([&](Tx& tx) -> Result<std::vector<ExportedLink>> {
            return export_links(tx, which, after, limit);
        });
        std::string text;
        for (const auto& [linked, folder] : links) text += linked.link.key + ":" + folder + " ";
        return text;
    }
};

TEST_P(ExportLinksTest, GoOnBehindTheLinkBefore) {
    const auto first = make_link("a");
    env.advance_ms(1);
    const auto second = make_link("b");
    env.advance_ms(1);
    auto third = make_link("c");
    const auto folder = *write([&](Tx& tx) -> Result<Folder> {
        FolderFields fields;
        fields.name = "Sales";
        const auto made = HW_TRY(create_folder(tx, fields));
        const auto before = third;
        third.folder_id = made.folder_id;
        update_link(tx, third, before);
        return made;
    });
    const struct {
        LinkQuery which;
        std::string after;
        std::int64_t limit;
        std::string expected;
    } rows[] = {
        {{}, "", 100, "a: b: c:Sales "},
        {{}, "", 2, "a: b: "},
        {{}, second.link_id, 2, "c:Sales "},
        {{}, third.link_id, 2, ""},
        {{.folder_id = folder.folder_id}, "", 100, "c:Sales "},
        {{.folder_id = "unsorted"}, "", 100, "a: b: "},
        {{.search = "b"}, "", 100, "b: "},
        {{.user_id = "user"}, "", 100, ""},
    };
    for (const auto& row : rows) EXPECT_EQ(keys(row.which, row.after, row.limit), row.expected);
}

HW_ON_BOTH_ENGINES(ExportLinksTest);

}  // namespace
}  // namespace hw
