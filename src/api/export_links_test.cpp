// SPDX-License-Identifier: Apache-2.0
#include "api/export_links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/csv.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ExportLinksApiTest : public TrackApiTest {
  protected:
    std::string exported(const std::string& query = {}) {
        const auto answer = send("GET", "/links/export" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.body;
    }
    // The keys of an NDJSON export.
    std::string keys(const std::string& query = {}) {
        std::string text;
        for (const auto& row : lines(exported("?format=ndjson" + query))) {
            text += std::string(row.at("key").as_string()) + " ";
        }
        return text;
    }
    static std::vector<Object> lines(std::string_view text) {
        std::vector<Object> rows;
        while (!text.empty()) {
            const auto end = text.find('\n');
            rows.push_back(boost::json::parse(text.substr(0, end)).as_object());
            text.remove_prefix(end + 1);
        }
        return rows;
    }
    void make(const Object& body) {
        const auto made = post("/links", body);
        ASSERT_EQ(made.status, 200) << made.body;
        env.advance_ms(1);
    }
    // One with every column, and what spreadsheets would run.
    void make_links() {
        ASSERT_EQ(post("/tags", {{"name", "=red"}}).status, 201);
        ASSERT_EQ(post("/tags", {{"name", "blue"}}).status, 201);
        const auto folder = json_of(post("/folders", {{"name", "-Sales"}})).at("id");
        make({{"url", "https://shop.example/?a=1&utm_source=x"},
              {"key", "-jane"},
              {"title", "=1+2"},
              {"description", "\"two\", lines\nof it"},
              {"comments", "'=quoted"},
              {"tagNames", boost::json::array{"=red", "blue"}},
              {"folderId", folder},
              {"externalId", "+1"},
              {"tenantId", "-t"},
              {"trackConversion", true},
              {"expiresAt", "2030-01-02T03:04:05.000Z"},
              {"expiredUrl", "https://shop.example/late"},
              {"password", "-secret"},
              {"proxy", true},
              {"image", "https://shop.example/i.png"},
              {"ios", "https://apple.example/"},
              {"android", "https://android.example/"},
              {"doIndex", true}});
        make({{"url", "https://shop.example/b"}, {"key", "b"}, {"archived", true}});
        make({{"url", "https://shop.example/r"}, {"key", "root"}});
        make({{"url", "https://shop.example/u"}, {"key", "\u00FCber/x"}});
    }
    void delete_all_links() {
        for (const auto& row : lines(exported("?format=ndjson&showArchived=true"))) {
            const auto id = std::string(row.at("id").as_string());
            ASSERT_EQ(send("DELETE", "/links/" + id).status, 200);
        }
        ASSERT_EQ(keys("&showArchived=true"), "");
    }
};

TEST_P(ExportLinksApiTest, CanBeImportedAgain) {
    for (const std::string format : {"csv", "ndjson"}) {
        make_links();
        const auto query = "?showArchived=true&format=" + format;
        const auto before = exported(query);
        const auto keys_before = keys("&showArchived=true");
        delete_all_links();
        const auto done =
            send("POST", "/links/import", before,
                 {{"Content-Type", format == "csv" ? "text/csv" : "application/x-ndjson"}});
        ASSERT_EQ(done.status, 200) << done.body;
        EXPECT_EQ(json_of(done).at("created").as_int64(), 4) << done.body;
        EXPECT_EQ(json_of(done).at("failed").as_int64(), 0) << done.body;
        EXPECT_EQ(keys("&showArchived=true"), keys_before);
        // NDJSON has the ids and the counts too, which are new ones.
        if (format == "csv") {
            EXPECT_EQ(exported(query), before);
        }
        for (const auto& row : lines(exported("?format=ndjson&search=jane"))) {
            EXPECT_EQ(row.at("password"), "-secret");
            EXPECT_EQ(row.at("folder"), "-Sales");
            EXPECT_EQ(row.at("tagNames"), (boost::json::array{"=red", "blue"}));
        }
        delete_all_links();
        for (const auto* path : {"/tags", "/folders"}) {
            const auto groups = json_of(send("GET", path));
            for (const auto& group : groups.as_array()) {
                const auto id = std::string(group.at("id").as_string());
                ASSERT_EQ(send("DELETE", std::string(path) + "/" + id).status, 200);
            }
        }
    }
}

TEST_P(ExportLinksApiTest, HarmsNoSpreadsheet) {
    make_links();
    const auto text = exported("?showArchived=true");
    CsvReader reader(text);
    std::vector<std::string> cells;
    std::size_t rows = 0;
    for (; *reader.next(cells); ++rows) {
        for (const auto& cell : cells) {
            EXPECT_TRUE(cell.empty() || !std::string_view("=+-@\t\r").contains(cell.front()))
                << cell;
        }
    }
    EXPECT_EQ(rows, 5U);
    EXPECT_EQ(text.substr(0, text.find("\r\n")),
              "shortLink,domain,key,url,title,description,comments,tags,folder,createdAt,"
              "externalId,tenantId,programId,partnerId,archived,trackConversion,publicStats,proxy,"
              "rewrite,doIndex,expiresAt,expiredUrl,password,image,video,ios,android,clicks,leads,"
              "conversions,sales,saleAmount");
}

TEST_P(ExportLinksApiTest, HasTheFiltersOfTheListing) {
    make_links();
    const struct {
        std::string query;
        std::string expected;
    } rows[] = {
        {"", "-jane root \u00FCber/x "},
        {"&showArchived=true", "-jane b root \u00FCber/x "},
        {"&folderId=unsorted", "root \u00FCber/x "},
        {"&search=root", "root "},
        {"&tagNames=blue", "-jane "},
        {"&withTags=true", "-jane "},
        {"&tenantId=-t", "-jane "},
        {"&domain=other.example", ""},
    };
    for (const auto& row : rows) EXPECT_EQ(keys(row.query), row.expected) << row.query;
    EXPECT_EQ(outcome(send("GET", "/links/export?showArchived=1")),
              "422 invalid_value: showArchived: Invalid option: expected one of "
              "\"true\"|\"false\"");
}

TEST_P(ExportLinksApiTest, ManyPages) {
    const std::int64_t kRows = 2 * limits::kExportRowsAtOnce;
    std::string csv = "key,url\n";
    for (std::int64_t i = 0; i < kRows; ++i) {
        csv += fmt::format("k{},https://a.example/{}\n", i, i);
    }
    ASSERT_EQ(send("POST", "/links/import", csv, {{"Content-Type", "text/csv"}}).status, 200);
    std::set<std::string> keys;
    const auto text = exported();
    CsvReader reader(text);
    for (std::vector<std::string> cells; *reader.next(cells);) keys.insert(cells.at(2));
    EXPECT_EQ(std::ranges::count(text, '\n'), kRows + 1);
    EXPECT_EQ(std::ssize(keys), kRows + 1);
}

HW_ON_BOTH_ENGINES(ExportLinksApiTest);

}  // namespace
}  // namespace hw
