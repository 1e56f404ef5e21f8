// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hw {
namespace {

// Each record as "line:[cell][cell]", or the refusal.
std::string read_all(std::string_view text) {
    CsvReader reader(text);
    std::string seen;
    std::vector<std::string> cells;
    for (;;) {
        const auto more = reader.next(cells);
        if (!more) return seen + more.error().message;
        if (!*more) return seen;
        seen += fmt::format("{}:", reader.line());
        for (const auto& cell : cells) seen += "[" + cell + "]";
        seen += " ";
    }
}

TEST(Csv, Reads) {
    const std::string_view unclosed =
        "Invalid CSV in line 2: the quote that opens a cell here is never closed";
    const std::string_view inside =
        "Invalid CSV in line 1: a quote stands inside a cell without quotes; put the cell in "
        "quotes and double those in it";
    const std::string_view behind =
        "Invalid CSV in line 1: behind the closing quote of a cell there is more than a comma";
    const struct {
        std::string_view text;
        std::string expected;
    } rows[] = {
        {"", ""},
        {"\xEF\xBB\xBF", ""},
        {"\xEF\xBB\xBF"
         "a,b",
         "1:[a][b] "},
        {"a,b\nc,d\n", "1:[a][b] 2:[c][d] "},
        {"a,b\r\nc,d", "1:[a][b] 2:[c][d] "},
        {"\n\r\na\n\n\nb\n\n", "3:[a] 6:[b] "},
        {",\n", "1:[][] "},
        {"a,\n,b", "1:[a][] 2:[][b] "},
        {"\"\"\n", "1:[] "},
        {"\"a,b\",\"c\nd\",\"e\"\"f\"\ng", "1:[a,b][c\nd][e\"f] 3:[g] "},
        {"\"\"\"\"", "1:[\"] "},
        {" a , b ", "1:[ a ][ b ] "},
        {"\xC3\xBC;x", "1:[\xC3\xBC;x] "},
        {"a\n\"b", "1:[a] " + std::string(unclosed)},
        {"a\n\"b\n\n", "1:[a] " + std::string(unclosed)},
        {"a\"b", std::string(inside)},
        {"\"a\"b", std::string(behind)},
        {"\"a\" ,b", std::string(behind)},
        {"a\rb", "Invalid CSV in line 1: a CR stands without its LF"},
        {"a\r", "Invalid CSV in line 1: a CR stands without its LF"},
        {"\"x\n\ny\"\nz\"",
         "1:[x\n\ny] Invalid CSV in line 4: a quote stands inside a cell "
         "without quotes; put the cell in quotes and double those in it"},
    };
    for (const auto& row : rows) EXPECT_EQ(read_all(row.text), row.expected) << row.text;
}

TEST(Csv, WritesWhatItReads) {
    const std::string rows[] = {"",       "a",    "a b", "a,b", "\"",
                                "a\"\"b", "\r\n", "\n",  " x ", "\xC3\xA4"};
    std::string text;
    for (const auto& cell : rows) {
        append_csv_cell(text, cell);
        text += ",end\r\n";
    }
    CsvReader reader(text);
    std::vector<std::string> cells;
    for (const auto& cell : rows) {
        ASSERT_EQ(reader.next(cells), true) << cell;
        EXPECT_EQ(cells, (std::vector<std::string>{cell, "end"}));
    }
}

TEST(Csv, NoCellIsAFormula) {
    const struct {
        std::string text;
        std::string expected;
    } rows[] = {
        {"", ""},          {"a=1", "a=1"},  {"=1+2", "'=1+2"}, {"+1", "'+1"}, {"-1", "'-1"},
        {"@sum", "'@sum"}, {"\tx", "'\tx"}, {"\rx", "'\rx"},   {"'", "'"},    {"'tis", "'tis"},
        {"'=1", "''=1"},   {"''@", "'''@"}, {" =1", " =1"},
    };
    for (const auto& [text, expected] : rows) {
        EXPECT_EQ(harmless_cell(text), expected);
        EXPECT_EQ(plain_cell(expected), text);
    }
    EXPECT_EQ(plain_cell("=1"), "=1") << "as others write it";
}

}  // namespace
}  // namespace hw
