// SPDX-License-Identifier: Apache-2.0
#include "api/metrics.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace hw {
namespace {

TEST(Metrics, CountsFromManyThreads) {
    Metrics metrics;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 1000; ++n) metrics.answered("trackSale", 200);
            });
        }
    }
    EXPECT_TRUE(metrics.text().contains("operation=\"trackSale\",status=\"200\"} 8000"));
}

TEST(Metrics, WatchedFiguresAreReadAtEachScrape) {
    Metrics metrics;
    std::int64_t open = 3;
    metrics.watch("connections_open", "Open connections.", [&] { return open; });
    metrics.watch("lost_total", "Lost.", [] { return std::int64_t{0}; });
    open = 4;
    const auto text = metrics.text();
    EXPECT_TRUE(
        text.contains("# TYPE headwater_connections_open gauge\nheadwater_connections_open 4"));
    EXPECT_TRUE(text.contains("# TYPE headwater_lost_total counter\nheadwater_lost_total 0\n"));
}

}  // namespace
}  // namespace hw
