// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/headwater_process.hpp"

namespace hw {
namespace {

constexpr auto kWorld = R"json({"workspaces": [{"id": "ws_1", "slug": "acme",
  "apiKeys": [{"key": "dub_0123456789abcdef"}], "domains": ["go.acme.example"],
  "links": [{"id": "link_1", "key": "a", "url": "https://acme.example/"},
            {"url": "https://acme.example/b"}],
  "customers": [{"externalId": "c1", "linkId": "link_1"}]}],
  "fxRates": [{"date": "2026-01-02", "base": "eur", "quote": "usd", "rate": "1.1"}]})json";

class SeedCommandTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    Ran seed(const std::string& text) {
        write_file(folder_ / "world.json", text);
        return run_headwater({"seed", folder_ / "world.json", "--database", own_.url});
    }
    OwnDatabase own_ = own_database(GetParam(), false);
    TempDir folder_;
};

TEST_P(SeedCommandTest, FillsAnEmptyDatabaseAndThenChangesNothing) {
    const auto first = seed(kWorld);
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(first.out,
              "workspaces        1 new,       0 there already\n"
              "api keys          1 new,       0 there already\n"
              "domains           1 new,       0 there already\n"
              "links             2 new,       0 there already\n"
              "customers         1 new,       0 there already\n"
              "fx rates          1 read\n");
    const auto again = seed(kWorld);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(again.out,
              "workspaces        0 new,       1 there already\n"
              "api keys          0 new,       1 there already\n"
              "domains           0 new,       1 there already\n"
              "links             0 new,       2 there already\n"
              "customers         0 new,       1 there already\n"
              "fx rates          1 read\n");
}

TEST_P(SeedCommandTest, ReadsStandardInput) {
    const auto ran = run_headwater({"seed", "-", "--database", own_.url}, {.stdin_text = kWorld});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_TRUE(ran.out.contains("links             2 new"));
}

TEST_P(SeedCommandTest, SaysWhereAndWhy) {
    ASSERT_EQ(seed(kWorld).exit_code, 0);
    struct Case {
        std::string text;
        int exit_code;
        std::string expected;  // part of the message
    };
    const Case cases[] = {
        {"{", 2, "world.json: no valid JSON at line 1, column 2"},
        {R"({"workspaces": [{"slug": "a", "tokens": []}]})", 2,
         "world.json: workspaces[0].tokens: unknown collection"},
        {R"({"workspaces": [{"slug": "a", "domains": ["d.example"], "links":
            [{"url": "javascript:x"}]}]})",
         2, "world.json: workspaces[0].links[0].url: "},
        {R"({"workspaces": [{"slug": "b", "domains": ["go.acme.example"]}]})", 1,
         "world.json: workspaces[0].domains[0].slug: 'go.acme.example' belongs to another"},
    };
    for (const auto& row : cases) {
        const auto ran = seed(row.text);
        EXPECT_EQ(ran.exit_code, row.exit_code) << row.text;
        EXPECT_TRUE(ran.err.contains(row.expected)) << ran.err;
        EXPECT_EQ(ran.out, "");
    }
    const auto missing = run_headwater({"seed", folder_ / "none", "--database", own_.url});
    EXPECT_EQ(missing.exit_code, 2);
    EXPECT_TRUE(missing.err.contains("none: No such file")) << missing.err;
}

TEST_P(SeedCommandTest, ManyLinks) {
    std::string links;
    for (int i = 0; i < 20'000; ++i) {
        links += fmt::format("{}{{\"key\":\"k{}\",\"url\":\"https://acme.example/{}\"}}",
                             i == 0 ? "" : ",", i, i);
    }
    const auto text = fmt::format(
        R"({{"workspaces":[{{"slug":"acme","domains":["d.example"],"links":[{}]}}]}})", links);
    const auto ran = seed(text);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_TRUE(ran.out.contains("links         20000 new,       0 there already")) << ran.out;
}

HW_ON_BOTH_ENGINES(SeedCommandTest);

}  // namespace
}  // namespace hw
