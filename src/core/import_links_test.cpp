// SPDX-License-Identifier: Apache-2.0
#include "core/import_links.hpp"

#include <fmt/format.h>

#include "store/folders.hpp"
#include "store/link_list.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ImportLinksTest : public EngineTest {
  protected:
    static ImportRow row(std::int64_t number, const std::string& key, const std::string& url) {
        ImportLink input;
        input.link.fields.url = url;
        if (!key.empty()) input.link.fields.key = key;
        return {number, key, input};
    }
    // "created/skipped/failed", then each failure.
    std::string import(const std::vector<ImportRow>& rows) {
        const auto done = write([&](Tx& tx) { return import_links(tx, rows); });
        if (!done) return done.error().message;
        auto text = fmt::format("{}/{}/{}", done->created, done->skipped, done->failed);
        for (const auto& failure : done->failures) {
            text += fmt::format("\n{} {}: {}", failure.row, failure.key, failure.error);
        }
        return text;
    }
    std::optional<Link> find(const std::string& key) {
        return *read([&](Tx& tx) -> Result<std::optional<Link>> {
            return find_link_by_key(tx, workspace_id, domain, key);
        });
    }
    std::int64_t count_links() {
        return *read([&](Tx& tx) -> Result<std::int64_t> {
            return hw::count_links(tx, workspace_id, LinkFilter{});
        });
    }
};

TEST_P(ImportLinksTest, ABadRowDoesNotStopTheRest) {
    make_link("taken", "https://a.example/");
    make_link("same", "https://b.example/");
    auto foreign = row(4, "d", "https://a.example/");
    foreign.link->link.fields.domain = "foreign.example";
    const ImportRow unreadable{5, "e",
                               fail(ErrorCode::UnprocessableEntity, "cannot be read", "test")};
    auto late = row(9, "late", "https://a.example/");
    late.link->created_at_ms = env.now_ms() + 600'000;
    const std::vector<ImportRow> rows = {
        row(1, "a", "https://a.example/"),
        row(2, "TAKEN", "https://other.example/"),
        row(3, "Same", "https://b.example/"),
        foreign,
        unreadable,
        row(6, "f", "javascript:alert(1)"),
        row(7, "A", "https://a.example/"),
        row(8, "A", "https://second.example/"),
        late,
        row(10, "g", ""),
        row(11, "z", "https://z.example/"),
    };
    EXPECT_EQ(import(rows), "2/2/7\n2 TAKEN: Duplicate key: the short link " + domain +
                                "/TAKEN already exists and leads to https://a.example/\n"
                                "4 d: Domain does not belong to workspace.\n"
                                "5 e: cannot be read\n"
                                "6 f: Invalid destination URL\n"
                                "8 A: Duplicate key: the short link " +
                                domain +
                                "/A already exists and leads to https://a.example/\n"
                                "9 late: Invalid createdAt: it lies in the future.\n"
                                "10 g: Missing destination URL");
    EXPECT_TRUE(find("a") && find("z"));
    EXPECT_FALSE(find("f") || find("d") || find("late"));
}

TEST_P(ImportLinksTest, TheSameRowsAgainChangeNothing) {
    auto with_id = row(3, "", "https://a.example/");
    with_id.link->link.fields.external_id.emplace("7");
    auto prefixed = row(4, "", "https://a.example/");
    prefixed.link->link.prefix = "p";
    prefixed.link->link.key_length = 25;
    const std::vector<ImportRow> rows = {
        row(1, "k", "https://a.example/"), row(2, "", "https://a.example/"), with_id, prefixed,
        row(5, "", "https://a.example/"),  row(6, "", "https://b.example/"),
    };
    EXPECT_EQ(import(rows), "5/1/0");
    EXPECT_EQ(import(rows), "0/6/0");
    EXPECT_EQ(count_links(), 5);
}

TEST_P(ImportLinksTest, ARowWithoutAKeyFindsAFreeOne) {
    // All keys of one letter that follow from this content are taken, but for the few that are
    // left.
    std::vector<ImportRow> rows;
    for (int i = 0; i < 12; ++i) {
        auto short_key = row(i + 1, "", fmt::format("https://a.example/{}", i));
        short_key.link->link.key_length = 1;
        rows.push_back(std::move(short_key));
    }
    EXPECT_EQ(import(rows), "12/0/0");
    EXPECT_EQ(import(rows), "0/12/0");
}

TEST_P(ImportLinksTest, ExternalIds) {
    auto first = row(1, "one", "https://a.example/");
    first.link->link.fields.external_id.emplace("7");
    EXPECT_EQ(import({first}), "1/0/0");
    auto other_key = row(1, "two", "https://a.example/");
    other_key.link->link.fields.external_id.emplace("7");
    auto no_key = row(2, "", "https://a.example/");
    no_key.link->link.fields.external_id.emplace("7");
    auto elsewhere = row(3, "", "https://b.example/");
    elsewhere.link->link.fields.external_id.emplace("7");
    EXPECT_EQ(import({other_key, no_key, elsewhere}),
              "0/1/2\n1 two: A link with the externalId '7' already exists in this workspace.\n"
              "3 : A link with the externalId '7' already exists in this workspace.");
}

TEST_P(ImportLinksTest, TagsFoldersAndTimesComeAlong) {
    auto tagged = row(1, "t", "https://a.example/");
    tagged.link->link.fields.tag_names = std::vector<std::string>{"Summer", "summer", "New"};
    tagged.link->folder = "Sales";
    tagged.link->created_at_ms = 1'600'000'000'000;
    auto second = row(2, "u", "https://a.example/");
    second.link->link.fields.tag_names = std::vector<std::string>{"New"};
    second.link->folder = "sales";
    EXPECT_EQ(import({tagged, second}), "2/0/0");
    const auto link = find("t");
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->created_at_ms, 1'600'000'000'000);
    EXPECT_EQ(link->folder_id, find("u")->folder_id);
    const auto tags = read([&](Tx& tx) -> Result<std::vector<Tag>> {
        EXPECT_EQ(find_folder_by_name(tx, workspace_id, "Sales")->folder_id, link->folder_id);
        return tags_of_links(tx, workspace_id, {link->link_id})[link->link_id];
    });
    ASSERT_EQ(tags->size(), 2U);
    EXPECT_EQ(tags->at(0).name, "Summer");
    EXPECT_EQ(tags->at(1).name, "New");
}

TEST_P(ImportLinksTest, ASkippedRowMakesNoTagAndNoFolder) {
    make_link("there", "https://a.example/");
    auto there = row(1, "there", "https://a.example/");
    there.link->link.fields.tag_names = std::vector<std::string>{"Unwanted"};
    there.link->folder = "Unwanted";
    EXPECT_EQ(import({there}), "0/1/0");
    const auto looked = read([&](Tx& tx) -> Result<bool> {
        EXPECT_FALSE(find_folder_by_name(tx, workspace_id, "Unwanted").has_value());
        EXPECT_FALSE(find_tag_by_name(tx, workspace_id, "Unwanted").has_value());
        return true;
    });
    EXPECT_TRUE(looked.has_value());
}

HW_ON_BOTH_ENGINES(ImportLinksTest);

TEST(ImportOutcome, TellsOnlySoManyFailures) {
    ImportOutcome batch{.rows = 400, .created = 0, .skipped = 0, .failed = 400, .failures = {}};
    batch.failures.resize(400);
    ImportOutcome all;
    for (int i = 0; i < 3; ++i) all.add(batch);
    EXPECT_EQ(all.failed, 1'200);
    EXPECT_EQ(all.failures.size(), limits::kImportErrorsMax);
}

}  // namespace
}  // namespace hw
