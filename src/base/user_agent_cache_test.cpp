// SPDX-License-Identifier: Apache-2.0
#include "base/user_agent_cache.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

namespace hw {
namespace {

std::string firefox(int version) {
    return "Mozilla/5.0 (X11; Linux x86_64; rv:1.0) Gecko/20100101 Firefox/" +
           std::to_string(version) + ".0";
}

TEST(UserAgentCache, GivesTheSameResultAgain) {
    UserAgentCache cache(UserAgentParser::embedded());
    const auto first = cache.get(firefox(120));
    EXPECT_EQ(first->browser_version, "120.0");
    EXPECT_EQ(cache.get(firefox(120)), first);
    EXPECT_NE(cache.get(firefox(121)), first);
    EXPECT_EQ(cache.size(), 2U);
}

TEST(UserAgentCache, KeysByTheBytesThatAreRead) {
    UserAgentCache cache(UserAgentParser::embedded());
    const std::string longest(limits::kUserAgentBytesMax, 'x');
    EXPECT_EQ(cache.get(longest + "a"), cache.get(longest + "b"));
    EXPECT_EQ(cache.size(), 1U);
}

TEST(UserAgentCache, StaysBoundedAndKeepsWhatIsAskedForOften) {
    constexpr std::size_t kEntries = 64;
    UserAgentCache cache(UserAgentParser::embedded(), kEntries);
    const auto often = cache.get(firefox(1));
    for (int i = 2; i < 1'000; ++i) {
        cache.get(firefox(i));
        EXPECT_EQ(cache.get(firefox(1)), often) << i;
        ASSERT_LE(cache.size(), kEntries);
    }
    EXPECT_GT(cache.size(), kEntries / 4);
}

TEST(UserAgentCache, StaysBoundedWhenOldEntriesComeBack) {
    constexpr std::size_t kEntries = 64;
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    UserAgentCache cache(UserAgentParser::embedded(), kEntries);
    for (int i = 0; i < 3'000; ++i) {
        cache.get(firefox(static_cast<int>(random() % 100)));
        ASSERT_LE(cache.size(), kEntries);
    }
}

TEST(UserAgentCache, ServesManyThreads) {
    UserAgentCache cache(UserAgentParser::embedded(), 64);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&cache, t] {
            for (int i = 0; i < 300; ++i) {
                const auto version = 1 + (i * 7 + t) % 90;
                const auto agent = cache.get(firefox(version));
                EXPECT_EQ(agent->browser_version, std::to_string(version) + ".0");
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_LE(cache.size(), 64U);
}

}  // namespace
}  // namespace hw
