// SPDX-License-Identifier: Apache-2.0
#include "base/retry_after.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace hw {
namespace {

TEST(RetryAfter, ReadsSecondsAndDates) {
    constexpr std::int64_t kNowMs = 784'111'777'000;  // Sun, 06 Nov 1994 08:49:37 GMT
    constexpr auto kMost = limits::kRetryAfterMsMax;
    struct Row {
        std::string_view text;
        std::optional<std::int64_t> wait_ms;
    };
    const Row rows[] = {
        {"0", 0},
        {"120", 120'000},
        {"86400", kMost},
        {"86401", kMost},
        {"99999999999999999999999999", kMost},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"Sun, 06 Nov 1994 08:50:00 GMT", 23'000},
        {"Sun, 06 Nov 1994 07:00:00 GMT", 0},
        {"Tue, 08 Nov 1994 08:49:37 GMT", kMost},
        {"Sun, 06 Nox 1994 08:50:00 GMT", std::nullopt},
        {"Sun, 06 ovD 1994 08:50:00 GMT", std::nullopt},
        {"Sun, 06 Nov 1994 08:50:00 UTC", std::nullopt},
        {"Sun, 6 Nov 1994 08:50:00 GMT", std::nullopt},
        {"-1", std::nullopt},
        {"1.5", std::nullopt},
        {"soon", std::nullopt},
        {"", std::nullopt},
    };
    for (const auto& row : rows)
        EXPECT_EQ(retry_after_ms(row.text, kNowMs), row.wait_ms) << row.text;
}

}  // namespace
}  // namespace hw
