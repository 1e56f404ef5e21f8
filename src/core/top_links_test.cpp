// SPDX-License-Identifier: Apache-2.0
#include "core/top_links.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class TopLinksTest : public EngineTest {
  protected:
    TopLinksTest() { db = open({.url = url}); }
};

struct Earned {
    std::int64_t clicks;
    std::int64_t leads;
};

struct Row {
    const char* name;
    Counting counting;
    std::vector<Earned> earned;        // by link, in the order of their ids
    std::vector<std::size_t> deleted;  // places in `earned`
    std::vector<std::size_t> expected;
};

constexpr std::size_t kAtMost = 2;

const std::vector<Row>& cases() {
    static const std::vector<Row> table{
        {"nothing", Counting::Clicks, {}, {}, {}},
        {"fewer than asked for", Counting::Clicks, {{3, 0}}, {}, {0}},
        {"the greatest first", Counting::Clicks, {{1, 0}, {3, 0}, {2, 0}, {1, 0}}, {}, {1, 2}},
        {"equals by id", Counting::Clicks, {{1, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}}, {}, {0, 1}},
        {"late", Counting::Clicks, {{1, 0}, {1, 0}, {1, 0}, {1, 0}, {9, 0}, {8, 0}}, {}, {4, 5}},
        {"what is counted", Counting::Leads, {{9, 0}, {8, 1}, {0, 2}, {9, 0}}, {}, {2, 1}},
        {"without clicks", Counting::Composite, {{0, 1}, {0, 0}}, {}, {0}},
        {"deleted first",
         Counting::Clicks,
         {{9, 0}, {8, 0}, {7, 0}, {6, 0}, {5, 0}},
         {0, 1},
         {2, 3}},
        {"deleted last",
         Counting::Clicks,
         {{1, 0}, {2, 0}, {3, 0}, {7, 0}, {8, 0}},
         {3, 4},
         {2, 1}},
        {"all deleted", Counting::Clicks, {{1, 0}, {2, 0}, {3, 0}}, {0, 1, 2}, {}},
    };
    return table;
}

TEST_P(TopLinksTest, Table) {
    for (const auto& row : cases()) {
        SCOPED_TRACE(row.name);
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < row.earned.size(); ++i) {
            ids.push_back(make_link(fmt::format("{}-{}", &row - cases().data(), i)).link_id);
        }
        std::ranges::sort(ids);
        for (const auto i : row.deleted) {
            ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
                delete_link(tx, *find_link(tx, workspace_id, ids[i]));
                return true;
            }));
        }
        const auto groups = read([&](Tx& tx) -> Result<std::vector<Tally::Group>> {
            TopLinks top(tx, row.counting, kAtMost);
            for (std::size_t i = 0; i < ids.size(); ++i) {
                const auto& [clicks, leads] = row.earned[i];
                top.add({ids[i], {.clicks = clicks, .leads = leads}});
            }
            return top.take();
        });
        ASSERT_TRUE(groups);
        std::vector<std::string> found;
        std::vector<std::string> expected;
        for (const auto& group : *groups) found.push_back(group.values.front());
        for (const auto i : row.expected) expected.push_back(ids[i]);
        EXPECT_EQ(found, expected);
    }
}

HW_ON_BOTH_ENGINES(TopLinksTest);

}  // namespace
}  // namespace hw
