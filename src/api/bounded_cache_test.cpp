// SPDX-License-Identifier: Apache-2.0
#include "api/bounded_cache.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "base/limits.hpp"

namespace hw {
namespace {

using Cache = BoundedCache<int>;
constexpr std::size_t kRoomy = 1 << 20;

void put(Cache& cache, std::string_view key, int value, std::size_t bytes = 8) {
    cache.put(key, std::make_shared<const int>(value), bytes, cache.get(key).stamp);
}

TEST(BoundedCache, HoldsValuesAndKnownAbsences) {
    Cache cache(kRoomy);
    EXPECT_FALSE(cache.get("a").hit);
    put(cache, "a", 1);
    ASSERT_TRUE(cache.get("a").hit);
    EXPECT_EQ(*cache.get("a").value, 1);
    put(cache, "a", 2);
    EXPECT_EQ(*cache.get("a").value, 2);
    cache.put("nothing", nullptr, 0, cache.get("nothing").stamp);
    EXPECT_TRUE(cache.get("nothing").hit);
    EXPECT_EQ(cache.get("nothing").value, nullptr);
}

TEST(BoundedCache, ForgetsOneOrAll) {
    Cache cache(kRoomy);
    for (int i = 0; i < 100; ++i) put(cache, std::to_string(i), i);
    cache.forget("7");
    EXPECT_FALSE(cache.get("7").hit);
    EXPECT_TRUE(cache.get("8").hit);
    cache.forget_all();
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(cache.get(std::to_string(i)).hit);
}

// A read that began before a change must not bring the old value back after it.
TEST(BoundedCache, AReadFromBeforeAChangeIsDropped) {
    Cache cache(kRoomy);
    const auto before = cache.get("a").stamp;
    cache.forget("a");
    cache.put("a", std::make_shared<const int>(1), 8, before);
    EXPECT_FALSE(cache.get("a").hit);
    const auto again = cache.get("a").stamp;
    cache.forget_all();
    cache.put("a", std::make_shared<const int>(1), 8, again);
    EXPECT_FALSE(cache.get("a").hit);
}

TEST(BoundedCache, StaysWithinItsBytes) {
    constexpr std::size_t kBytes = 64 * limits::kKiB;
    Cache cache(kBytes);
    constexpr int kCount = 10'000;
    std::vector<std::weak_ptr<const int>> alive;
    for (int i = 0; i < kCount; ++i) {
        auto value = std::make_shared<const int>(i);
        alive.push_back(value);
        const auto key = std::to_string(i);
        cache.put(key, std::move(value), 100, cache.get(key).stamp);
    }
    const auto held = std::ranges::count_if(alive, [](const auto& v) { return !v.expired(); });
    EXPECT_LE(held * 196, static_cast<std::ptrdiff_t>(kBytes));
    EXPECT_GE(held * 196, static_cast<std::ptrdiff_t>(kBytes / 4));
    EXPECT_TRUE(cache.get(std::to_string(kCount - 1)).hit);
}

// What is asked for all the time outlives what is asked for once.
TEST(BoundedCache, KeepsWhatIsUsed) {
    Cache cache(64 * limits::kKiB);
    put(cache, "hot", 1);
    for (int i = 0; i < 10'000; ++i) {
        put(cache, std::to_string(i), i, 100);
        ASSERT_TRUE(cache.get("hot").hit) << i;
    }
}

// The same key written again and again takes the room of one.
TEST(BoundedCache, AReplacedValueGivesItsRoomBack) {
    Cache cache(64 * limits::kKiB);
    for (int i = 0; i < 5; ++i) put(cache, "quiet-" + std::to_string(i), i);
    for (int i = 0; i < 10'000; ++i) put(cache, "busy", i, 200);
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(cache.get("quiet-" + std::to_string(i)).hit) << i;
    EXPECT_EQ(*cache.get("busy").value, 9'999);
}

TEST(BoundedCache, ManyThreadsAtOnce) {
    Cache cache(32 * limits::kKiB);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 5'000; ++i) {
                const auto key = std::to_string(i % 200);
                const auto found = cache.get(key);
                if (found.hit && found.value) {
                    EXPECT_EQ(*found.value, i % 200);
                }
                if (!found.hit) {
                    cache.put(key, std::make_shared<const int>(i % 200), 64, found.stamp);
                }
                if (i % 97 == t) cache.forget(key);
            }
        });
    }
}

}  // namespace
}  // namespace hw
