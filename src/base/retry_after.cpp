// SPDX-License-Identifier: Apache-2.0
#include "base/retry_after.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/civil_time.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

// "Sun, 06 Nov 1994 08:49:37 GMT", the one form that anybody still sends.
std::optional<std::int64_t> http_date_ms(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    constexpr std::size_t kLength = 29;
    if (text.size() != kLength || !text.ends_with(" GMT") || text.substr(3, 2) != ", ") {
        return std::nullopt;
    }
    const auto month = kMonths.find(text.substr(8, 3));
    if (month == kMonths.npos || month % 3 != 0) return std::nullopt;
    const auto parsed = parse_time(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1,
                                               text.substr(5, 2), text.substr(17, 8)));
    return parsed ? std::optional(*parsed) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> retry_after_ms(std::string_view text, std::int64_t now_ms) {
    constexpr std::int64_t kMost = limits::kRetryAfterMsMax;
    if (text.empty()) return std::nullopt;
    const bool is_number = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) {
        const auto at_ms = http_date_ms(text);
        if (!at_ms) return std::nullopt;
        return std::clamp(*at_ms - now_ms, std::int64_t{0}, kMost);
    }
    std::int64_t seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (read.ec != std::errc{} || seconds > kMost / limits::kSecondMs) return kMost;
    return seconds * limits::kSecondMs;
}

}  // namespace hw
