// SPDX-License-Identifier: Apache-2.0
#include "api/import_csv.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hw {
namespace {

using Cells = std::vector<std::string>;

// The body of one row, or the refusal.
std::string body_of(const Cells& header, const Cells& cells) {
    const auto columns = read_import_columns(header);
    if (!columns) return columns.error().message;
    const auto body = import_body(*columns, cells);
    return body ? json::serialize(*body) : body.error().message;
}

TEST(ImportCsv, ColumnsByTheNamesOfOthers) {
    const struct {
        Cells header;
        Cells cells;
        std::string expected;
    } rows[] = {
        {{"Short link", "Destination URL", "Tags", "Created at", "Clicks"},
         {"https://go.example/Summer?x=1", "https://a.example", "a, b ,,c", "2026-01-02", "5"},
         R"({"url":"https://a.example","tagNames":["a","b","c"],"createdAt":"2026-01-02",)"
         R"("domain":"go.example","key":"Summer"})"},
        {{"bitlink", "long_url", "Date Created", "title"},
         {"bit.ly/3xY", "https://a.example", "2026-01-02T03:04:05+0000", " T "},
         R"({"url":"https://a.example","createdAt":"2026-01-02T03:04:05+0000","title":"T",)"
         R"("domain":"bit.ly","key":"3xY"})"},
        {{"Link", "url"},
         {"HTTP://go.example/%C3%BC/x", "a"},
         "{\"url\":\"a\",\"domain\":\"go.example\",\"key\":\"\xC3\xBC/x\"}"},
        {{"shortLink", "url"},
         {"https://go.example/", "a"},
         R"({"url":"a","domain":"go.example","key":"_root"})"},
        {{"shortLink", "url"},
         {"go.example", "a"},
         R"({"url":"a","domain":"go.example","key":"_root"})"},
        {{"shortLink", "url", "slug", "DOMAIN"},
         {"go.example/x", "a", "y", "d.example"},
         R"({"url":"a","key":"y","domain":"d.example"})"},
        {{"url", "Long URL", "archived", "doIndex", "proxy", "track_conversion"},
         {"", "b", "YES", "0", "maybe", ""},
         R"({"url":"b","archived":true,"doIndex":false,"proxy":"maybe"})"},
        {{"url", "utm_source", "UTM-Campaign", "externalId", "tenantId", "folder", "?"},
         {"a", "s", "c", "7", "t", "Sales", "dropped"},
         R"({"url":"a","utm_source":"s","utm_campaign":"c","externalId":"7","tenantId":"t",)"
         R"("folder":"Sales"})"},
        {{"url", "title"}, {"a", "\xFF"}, "invalid_format: title: Invalid input: it is not UTF-8"},
        {{"url", "title"}, {"a"}, "The row has 1 cells, and the first row names 2 columns."},
        {{"link", "title"},
         {},
         "invalid_value: url: No column is called 'url', 'Destination URL' or 'long_url'. The "
         "first "
         "row must name the columns; it says: link, title"},
        {{"\xFF\xFEu"}, {}, "Invalid CSV in line 1: it is not UTF-8. Save the file as CSV UTF-8."},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(body_of(row.header, row.cells), row.expected)
            << fmt::format("{}", fmt::join(row.header, ","));
    }
}

TEST(ImportCsv, SaysWhatIsPassedOver) {
    const auto columns = read_import_columns({"url", "Clicks", "Mood", ""});
    ASSERT_TRUE(columns.has_value());
    const std::vector<std::string> expected = {
        "The column 'Clicks' is not imported: counts begin with the first click here.",
        "The column 'Mood' is not known and was passed over."};
    EXPECT_EQ(columns->remarks, expected);
}

}  // namespace
}  // namespace hw
