// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/headwater_process.hpp"

namespace hw {
namespace {

class ImportCommandTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    ImportCommandTest() {
        const auto made = run_headwater({"workspaces", "create", "acme", "--domain",
                                         "go.acme.example", "--database", own_.url});
        EXPECT_EQ(made.exit_code, 0) << made.err;
    }
    Ran import(const std::string& name, const std::string& text,
               const std::vector<std::string>& more = {}) {
        write_file(folder_ / name, text);
        std::vector<std::string> arguments = {"import", "links", folder_ / name, "--database",
                                              own_.url};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_headwater(arguments);
    }
    OwnDatabase own_ = own_database(GetParam(), false);
    TempDir folder_;
};

TEST_P(ImportCommandTest, ReportsAndChangesNothingTheSecondTime) {
    std::string csv = "bitlink,long_url\n";
    for (int i = 0; i < 700; ++i) csv += fmt::format("bit.ly/k{},https://a.example/{}\n", i, i);
    const std::vector<std::string> more = {"--workspace", "acme", "--domain", "go.acme.example"};
    const auto first = import("bitly.csv", csv, more);
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(first.err,
              "500 of 700 rows: 500 created, 0 skipped, 0 failed\n"
              "700 of 700 rows: 700 created, 0 skipped, 0 failed\n");
    EXPECT_EQ(first.out,
              "{\"rows\":700,\"created\":700,\"skipped\":0,\"failed\":0,\"errors\":[],"
              "\"moreErrors\":0,\"remarks\":[]}\n");
    const auto again = import("bitly.csv", csv, more);
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_TRUE(again.out.contains("\"created\":0,\"skipped\":700")) << again.out;
}

TEST_P(ImportCommandTest, SaysWhatIsWrong) {
    const struct {
        std::string name;
        std::string text;
        std::vector<std::string> more;
        int exit_code;
        std::string expected;  // part of what it says
    } rows[] = {
        {"a.csv",
         "url,domain\na.example,bit.ly\n",
         {},
         1,
         "\"error\":\"Domain does not belong to workspace.\""},
        {"b.csv", "x\n1\n", {}, 2, "b.csv: invalid_value: url: No column is called"},
        {"c.txt", "url\na.example\n", {}, 2, "c.txt: what is in it? Give --format csv, json"},
        {"c.txt", "url\na.example\n", {"--format", "csv"}, 0, "\"created\":1"},
        {"d.csv", "url\na.example\n", {"--workspace", "none"}, 1, "there is no workspace 'none'"},
    };
    for (const auto& row : rows) {
        const auto ran = import(row.name, row.text, row.more);
        EXPECT_EQ(ran.exit_code, row.exit_code) << row.name << ran.err;
        EXPECT_TRUE((ran.out + ran.err).contains(row.expected)) << ran.out << ran.err;
    }
}

HW_ON_BOTH_ENGINES(ImportCommandTest);

}  // namespace
}  // namespace hw
