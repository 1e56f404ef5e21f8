// SPDX-License-Identifier: Apache-2.0
#include "api/import_rows.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"

namespace hw {
namespace {

// Each row as "number key url created folder", or as its refusal.
std::string rows_of(std::string_view text, ImportFormat format, ImportSource source = {}) {
    const ApiOptions options;
    source.text = text;
    source.format = format;
    auto rows = ImportRows::open(std::move(source), options);
    if (!rows) return rows.error().message;
    std::string seen;
    for (auto batch = rows->next(2); !batch.empty(); batch = rows->next(2)) {
        EXPECT_LE(batch.size(), 2U);
        for (const auto& row : batch) {
            seen += fmt::format("{} {} ", row.number, row.key);
            if (!row.link) {
                seen += row.link.error().message + "\n";
                continue;
            }
            const auto& fields = row.link->link.fields;
            const auto created = row.link->created_at_ms;
            seen += fmt::format("{} {} {} {}\n", fields.domain.value_or("-"), *fields.url,
                                created ? time_text(*created) : "-", row.link->folder);
        }
    }
    EXPECT_TRUE(rows->at_end());
    return seen;
}

TEST(ImportRows, OfAllFormats) {
    constexpr auto kCsv = ImportFormat::Csv;
    constexpr auto kJson = ImportFormat::Json;
    constexpr auto kLines = ImportFormat::JsonLines;
    constexpr auto kNothing = "too_small: : There is no link to import.";
    constexpr auto kNoJson =
        "Invalid JSON format in request body. Please ensure the request body is a valid JSON "
        "object.";
    const struct {
        std::string_view text;
        ImportFormat format;
        std::string expected;
    } rows[] = {
        {"url,key,folder\na,k, F \nb,,\n\nc,l,\n", kCsv, "1 k - a - F\n2 b - b - \n3 l - c - \n"},
        {R"([{"url":"a","key":"k","folder":"F"},{"url":"b","createdAt":null},5])", kJson,
         "1 k - a - F\n2 b - b - \n3  invalid_type: : Invalid input: expected object, received "
         "number\n"},
        {"{\"url\":\"a\"}\n\n{\r\n{\"url\":\"b\",\"key\":5}\r\n", kLines,
         fmt::format("1 a - a - \n2  {}\n3 b invalid_type: key: Invalid input: expected string, "
                     "received number\n",
                     kNoJson)},
        {"url,key\na,\"k", kCsv,
         "Invalid CSV in line 2: the quote that opens a cell here is never closed"},
        {"", kCsv, kNothing},
        {"url,key\n", kCsv, kNothing},
        {"[]", kJson, kNothing},
        {" \n", kLines, kNothing},
        {"{}", kJson, "invalid_type: : Invalid input: expected array, received object"},
        {"[", kJson, kNoJson},
        {"[{\"url\":\"\xFF\"}]", kJson, kNoJson},
    };
    for (const auto& row : rows) EXPECT_EQ(rows_of(row.text, row.format), row.expected) << row.text;
}

TEST(ImportRows, TimesAsOthersWriteThem) {
    constexpr auto kRefused =
        "invalid_format: createdAt: Invalid input: expected a time such as 2026-01-02T03:04:05Z";
    const struct {
        std::string text;
        std::string expected;
    } rows[] = {
        {"2026-01-02", "2026-01-02T00:00:00.000Z"},
        {"2026-01-02 03:04:05", "2026-01-02T03:04:05.000Z"},
        {"2026-01-02T03:04:05", "2026-01-02T03:04:05.000Z"},
        {"2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"},
        {"2026-01-02T03:04:05+0100", "2026-01-02T02:04:05.000Z"},
        {"2026-01-02T03:04:05-01:00", "2026-01-02T04:04:05.000Z"},
        {"1969-12-31T23:59:59Z", kRefused},
        {"01/02/2026", kRefused},
        {"x", kRefused},
    };
    for (const auto& row : rows) {
        const auto seen = rows_of("url,created_at\na," + row.text, ImportFormat::Csv);
        EXPECT_TRUE(seen.contains(row.expected)) << row.text << ": " << seen;
    }
}

TEST(ImportRows, TheDomainOfAll) {
    EXPECT_EQ(rows_of("url,domain\na,bit.ly\nb,", ImportFormat::Csv, {.domain = "go.example"}),
              "1 a go.example a - \n2 b go.example b - \n");
}

TEST(ImportRows, OnlySoMany) {
    EXPECT_EQ(rows_of("url\na\nb", ImportFormat::Csv, {.rows_max = 2}), "1 a - a - \n2 b - b - \n");
    EXPECT_EQ(rows_of("url\na\nb\nc", ImportFormat::Csv, {.rows_max = 2}),
              "too_big: : You can only import up to 2 links at a time: this is 3. Split the file.");
    std::string many = "url\n";
    for (std::size_t i = 0; i <= limits::kImportRowsMax; ++i) many += "a\n";
    EXPECT_EQ(rows_of(many, ImportFormat::Csv),
              "too_big: : You can only import up to 100000 links at a time: this is 100001. Split "
              "the file.");
}

TEST(ImportRows, Formats) {
    EXPECT_EQ(import_format_of_type("Text/CSV ; charset=utf-8"), ImportFormat::Csv);
    EXPECT_EQ(import_format_of_type("application/json"), ImportFormat::Json);
    EXPECT_EQ(import_format_of_type("application/x-ndjson"), ImportFormat::JsonLines);
    EXPECT_EQ(import_format_of_type("text/plain"), std::nullopt);
    EXPECT_EQ(import_format_of_name("a/b.csv"), ImportFormat::Csv);
    EXPECT_EQ(import_format_of_name("x.json"), ImportFormat::Json);
    EXPECT_EQ(import_format_of_name("x.jsonl"), ImportFormat::JsonLines);
    EXPECT_EQ(import_format_of_name("-"), std::nullopt);
}

}  // namespace
}  // namespace hw
