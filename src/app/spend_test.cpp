// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/headwater_process.hpp"

namespace hw {
namespace {

class SpendCommandTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    SpendCommandTest() {
        const auto made = run_headwater({"workspaces", "create", "acme", "--domain",
                                         "go.acme.example", "--database", own_.url});
        EXPECT_EQ(made.exit_code, 0) << made.err;
    }
    Ran import(const std::string& text, const std::string& workspace = "acme") {
        write_file(folder_ / "ads.csv", text);
        return run_headwater({"spend", "import", folder_ / "ads.csv", "--workspace", workspace,
                              "--database", own_.url});
    }
    OwnDatabase own_ = own_database(GetParam(), false);
    TempDir folder_;
};
HW_ON_BOTH_ENGINES(SpendCommandTest);

TEST_P(SpendCommandTest, StoresAFileAndSaysWhatIsWrong) {
    const struct {
        std::string text;
        std::string workspace;
        int exit_code;
        std::string expected;  // part of what it says
    } rows[] = {
        {"date,source,amount,currency\n2026-09-01,a,1,usd\n", "acme", 0, "\"created\":1"},
        {"date,source,amount,currency\n2026-09-01,a,1,usd\n", "acme", 0, "\"unchanged\":1"},
        {"date,source,amount,currency\n2026-09-01,a,2,usd\n", "acme", 0, "\"replaced\":1"},
        {"date,source,amount,currency\nx,a,1,usd\n", "acme", 1, "date: 'x' is no day"},
        {"date,source,amount\n", "acme", 2, "ads.csv: invalid_value: header: No column is called"},
        {"date,source,amount,currency\n2026-09-01,a,1,usd\n", "none", 1,
         "there is no workspace 'none'"},
    };
    for (const auto& row : rows) {
        const auto ran = import(row.text, row.workspace);
        EXPECT_EQ(ran.exit_code, row.exit_code) << ran.out << ran.err;
        EXPECT_TRUE((ran.out + ran.err).contains(row.expected)) << ran.out << ran.err;
    }
}

}  // namespace
}  // namespace hw
