// SPDX-License-Identifier: Apache-2.0
#include "api/page_view_queue.hpp"

#include <fmt/format.h>

#include <atomic>
#include <future>
#include <vector>

#include "base/limits.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class PageViewQueueTest : public EngineTest {
  protected:
    PageViewQueueTest() { db = open({.url = url}); }
    ~PageViewQueueTest() override { db->stop(); }

    PageView view(int number) {
        PageView made;
        made.workspace_id = workspace_id;
        made.page_view_id = fmt::format("pv_{:06}", number);
        made.kind = "pageview";
        made.at_ms = env.now_ms();
        made.fingerprint = "fp";
        return made;
    }
};

TEST_P(PageViewQueueTest, AllAreAnsweredAndStoredInFewCommits) {
    constexpr int kViews = 2'000;
    PageViewQueue queue(*db);
    std::vector<std::promise<bool>> recorded(kViews);
    const auto before = db->stats().use_cases.load();
    for (int i = 0; i < kViews; ++i) {
        queue.record(view(i), [&recorded, i](Result<bool> result) {
            recorded[static_cast<std::size_t>(i)].set_value(result.has_value());
        });
    }
    for (auto& each : recorded) EXPECT_TRUE(each.get_future().get());
    EXPECT_LT(db->stats().use_cases.load() - before, kViews / 2);
    const auto session = *read([&](Tx& tx) -> Result<std::vector<Session>> {
        return sessions_between(tx, workspace_id, "fp", 0, env.now_ms());
    });
    ASSERT_EQ(session.size(), 1U);
    EXPECT_EQ(session[0].page_views, kViews);
    db->stop();
}

TEST_P(PageViewQueueTest, OnlySoManyWait) {
    if (GetParam() == EngineKind::Postgres) return;  // has several writers, none of which waits
    PageViewQueue queue(*db);
    std::promise<void> let_go;
    const auto held = let_go.get_future().share();
    auto busy = later([held](Tx&) -> Result<bool> {
        held.wait();
        return true;
    });
    std::atomic<int> refused = 0;
    const int views = static_cast<int>(limits::kPageQueueMax) + 2;  // one is being written
    for (int i = 0; i < views; ++i) {
        queue.record(view(i), [&](Result<bool> result) { refused += result ? 0 : 1; });
    }
    EXPECT_EQ(refused, 1);
    let_go.set_value();
    EXPECT_TRUE(busy.get());
    db->stop();
}

TEST_P(PageViewQueueTest, WhatCannotBeStoredIsRefused) {
    PageViewQueue queue(*db);
    db->stop();
    std::promise<bool> refused;
    queue.record(view(1), [&](Result<bool> result) { refused.set_value(!result.has_value()); });
    EXPECT_TRUE(refused.get_future().get());
}

HW_ON_BOTH_ENGINES(PageViewQueueTest);

}  // namespace
}  // namespace hw
