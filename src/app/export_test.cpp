// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/headwater_process.hpp"

namespace hw {
namespace {

constexpr auto kWorld = R"json({"workspaces": [{"id": "ws_1", "slug": "acme",
  "domains": ["go.acme.example"],
  "links": [{"id": "link_1", "key": "a", "url": "https://a.example"}],
  "customers": [{"externalId": "c1", "linkId": "link_1"}]}]})json";

class ExportCommandTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    ExportCommandTest() {
        const auto made =
            run_headwater({"seed", "-", "--database", own_.url}, {.stdin_text = kWorld});
        EXPECT_EQ(made.exit_code, 0) << made.err;
    }
    OwnDatabase own_ = own_database(GetParam(), false);
};

TEST_P(ExportCommandTest, SaysWhatThereIsOrWhyNot) {
    const struct {
        std::vector<std::string> arguments;
        int exit_code;
        std::string expected;  // part of what it says on stderr
    } rows[] = {
        {{"export", "touches"}, 0, "0 rows\n"},
        {{"export", "deliveries", "--workspace", "acme"}, 0, "0 rows\n"},
        {{"export", "touches", "--workspace", "none"}, 1, "there is no workspace 'none'"},
        {{"export", "payments"}, 2, "payments not in {attributions,commissions,"},
        {{"export"}, 2, "COLLECTION is required"},
    };
    for (const auto& row : rows) {
        auto arguments = row.arguments;
        arguments.insert(arguments.end(), {"--database", own_.url});
        const auto ran = run_headwater(arguments);
        EXPECT_EQ(ran.exit_code, row.exit_code) << ran.err;
        EXPECT_TRUE(ran.err.contains(row.expected)) << ran.err;
        EXPECT_EQ(ran.out, "");
    }
}

HW_ON_BOTH_ENGINES(ExportCommandTest);

}  // namespace
}  // namespace hw
