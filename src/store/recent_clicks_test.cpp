// SPDX-License-Identifier: Apache-2.0
#include "store/recent_clicks.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace hw {
namespace {

constexpr std::int64_t kNowMs = 1'790'000'000'000;
constexpr std::string_view kBefore = "0000000000000000";
constexpr std::string_view kFirst = "0000000000000001";
constexpr std::string_view kSecond = "0000000000000002";

TEST(RecentClicks, DurableAreThoseOfCommitsOnDiskAlone) {
    RecentClicks recent;
    const auto before = recent_key("ws", "link", 0);
    const auto first = recent_key("ws", "link", 1);
    const auto second = recent_key("ws", "link", 2);
    recent.remember(before, kBefore, kNowMs, 0);
    recent.remember(first, kFirst, kNowMs, 1);
    recent.remember(second, kSecond, kNowMs, 2);
    using Found = std::optional<std::string>;
    const struct {
        std::uint64_t durable;
        Found first;
        Found second;
    } rows[] = {
        {0, {}, {}},
        {1, Found(kFirst), {}},
        {2, Found(kFirst), Found(kSecond)},
    };
    for (const auto& row : rows) {
        if (row.durable > 0) recent.note_durable(row.durable);
        EXPECT_EQ(recent.find_durable(before, kNowMs), kBefore) << "it was on disk at start";
        EXPECT_EQ(recent.find_durable(first, kNowMs), row.first) << row.durable;
        EXPECT_EQ(recent.find_durable(second, kNowMs), row.second) << row.durable;
        EXPECT_EQ(recent.find(first, kNowMs), kFirst) << "the writer sees its own";
        EXPECT_EQ(recent.find(second, kNowMs), kSecond);
    }
    const auto later_ms = kNowMs + limits::kClickDedupMs;
    EXPECT_EQ(recent.find_durable(first, later_ms - 1), kFirst);
    EXPECT_EQ(recent.find_durable(first, later_ms), std::nullopt);
}

}  // namespace
}  // namespace hw
