// SPDX-License-Identifier: Apache-2.0
#include "api/export.hpp"

#include <algorithm>

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

TEST(CsvRecord, HasACellForEveryColumn) {
    constexpr ExportColumn kColumns[] = {{"one", "a"}, {"two", "b.c"}};
    const struct {
        const char* row;
        std::string expected;
    } rows[] = {
        {"{}", ",\r\n"},
        {R"({"a":null,"b":{"c":null}})", ",\r\n"},
        {R"({"a":"x","b":{"c":"y"}})", "x,y\r\n"},
        {R"({"a":true,"b":{"c":-5}})", "true,-5\r\n"},
        {R"({"a":"-5","b":"no object"})", "'-5,\r\n"},
        {R"({"a":"=cmd|' /C calc'!A0","b":{"c":"@\n\""}})", "'=cmd|' /C calc'!A0,\"'@\n\"\"\"\r\n"},
        {R"({"a":["=red","blue"],"b":{"c":[]}})", "\"'=red, blue\",\r\n"},
        {R"({"a":[1],"b":{"c":{"d":19.99}}})", "[1],\"{\"\"d\"\":19.99}\"\r\n"},
    };
    for (const auto& [row, expected] : rows) {
        EXPECT_EQ(csv_record(kColumns, boost::json::parse(row).as_object()), expected) << row;
    }
}

class ExportTest : public TrackApiTest {};

TEST_P(ExportTest, NamesTheFormats) {
    const struct {
        std::string query;
        std::string type;
        std::string file;
        std::string expected;
    } rows[] = {
        {"", "text/csv; charset=utf-8; header=present",
         "attachment; filename=\"links-2026-09-21.csv\"", "200"},
        {"?format=csv", "text/csv; charset=utf-8; header=present",
         "attachment; filename=\"links-2026-09-21.csv\"", "200"},
        {"?format=ndjson", "application/x-ndjson",
         "attachment; filename=\"links-2026-09-21.ndjson\"", "200"},
        {"?format=xml", "application/json", "",
         "422 invalid_value: format: Invalid option: expected one of \"csv\"|\"ndjson\", received "
         "\"xml\""},
    };
    for (const auto& row : rows) {
        const auto answer = send("GET", "/links/export" + row.query);
        EXPECT_EQ(answer.status < 400 ? std::to_string(answer.status) : outcome(answer),
                  row.expected);
        EXPECT_EQ(answer.content_type, row.type);
        EXPECT_EQ(header_of(answer, "Content-Disposition"), row.file);
    }
}

TEST_P(ExportTest, NeedsTheScopeOfTheListing) {
    const struct {
        const char* target;
        const char* scope;
    } rows[] = {
        {"/links/export", "links.read"},
        {"/customers/export", "customers.read"},
        {"/events/export", "analytics.read"},
        {"/conversions/export", "analytics.read"},
    };
    for (const auto& row : rows) {
        api_key = make_api_key("tags.read");
        EXPECT_EQ(send("GET", row.target).status, 403) << row.target;
        api_key = make_api_key(row.scope);
        const auto lines = send("GET", std::string(row.target) + "?format=ndjson");
        EXPECT_EQ(lines.status, 200) << lines.body;
        EXPECT_EQ(lines.body, "") << "nothing is there yet";
    }
}

// What a client has of it then is no complete body.
TEST_P(ExportTest, BreaksWhenTheDatabaseGoesAway) {
    std::string csv = "key,url\n";
    for (std::int64_t i = 0; i <= limits::kExportRowsAtOnce; ++i) {
        csv += "k" + std::to_string(i) + ",https://a.example/\n";
    }
    ASSERT_EQ(send("POST", "/links/import", csv, {{"Content-Type", "text/csv"}}).status, 200);
    const auto stream = begin("/links/export").stream;
    ASSERT_NE(stream, nullptr);
    const auto first = next_piece(*stream);
    EXPECT_EQ(first.end, BodyPiece::End::No);
    EXPECT_EQ(std::ranges::count(first.bytes, '\n'), 1 + limits::kExportRowsAtOnce);
    db->stop();
    EXPECT_EQ(next_piece(*stream).end, BodyPiece::End::Broken);
}

HW_ON_BOTH_ENGINES(ExportTest);

}  // namespace
}  // namespace hw
