// SPDX-License-Identifier: Apache-2.0
// What the fuzzers start from, and every input that once broke something: testdata/fuzz/<target>/.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "tests/fixture/headwater_process.hpp"
#include "tests/fuzz/targets.hpp"

namespace hw {
namespace {

struct Target {
    std::string_view name;
    void (*run)(std::string_view bytes);
};
constexpr Target kTargets[] = {
    {"cookie", fuzz::cookie},
    {"csv", fuzz::csv},
    {"json_body", fuzz::json_body},
    {"link_key", fuzz::link_key},
    {"money_text", fuzz::money_text},
    {"page_meta", fuzz::page_meta},
    {"request_head", fuzz::request_head},
    {"track_body", fuzz::track_body},
    {"url", fuzz::url},
    {"user_agent", fuzz::user_agent},
};

const std::filesystem::path kCorpus = HW_SOURCE_DIR "/testdata/fuzz";

class Corpus : public ::testing::TestWithParam<Target> {};

TEST_P(Corpus, HoldsEveryProperty) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kCorpus / GetParam().name)) {
        const auto bytes = read_file(entry.path());
        SCOPED_TRACE(entry.path().filename());
        EXPECT_NO_THROW(GetParam().run(bytes));
        // Ends and beginnings are where readers of text go wrong.
        for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + bytes.size() / 64) {
            EXPECT_NO_THROW(GetParam().run(std::string_view(bytes).substr(cut))) << cut;
            EXPECT_NO_THROW(GetParam().run(std::string_view(bytes).substr(0, cut))) << cut;
        }
        ++files;
    }
    EXPECT_GE(files, 3);
}

INSTANTIATE_TEST_SUITE_P(Targets, Corpus, ::testing::ValuesIn(kTargets),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(Fuzz, EveryFolderIsATarget) {
    std::set<std::string> folders;
    for (const auto& entry : std::filesystem::directory_iterator(kCorpus)) {
        folders.insert(entry.path().filename());
    }
    std::set<std::string> names;
    for (const auto& target : kTargets) names.insert(std::string(target.name));
    EXPECT_EQ(folders, names);
}

}  // namespace
}  // namespace hw
