// SPDX-License-Identifier: Apache-2.0
#include "api/rate_limiter.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <tuple>

#include "api/routes.hpp"
#include "base/ip.hpp"

namespace hw {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kSecondMs = 1'000;

std::uint64_t mixed(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
    return bits ^ (bits >> 31U);
}

// How long until a window of `window_ms` that began with `before` requests in the one before it and
// holds `current` has room again, counted from its begin.
std::int64_t room_after_ms(std::int64_t before, std::int64_t current, std::int64_t limit,
                           std::int64_t window_ms) {
    if (before == 0) return 0;
    return window_ms - std::min(window_ms, (window_ms * (limit - current) - 1) / before);
}

}  // namespace

std::optional<RateClass> rate_class_of(const Route& route) {
    switch (route.auth) {
        case Auth::Publishable:
            return RateClass::Publishable;
        case Auth::Secret:
            if (route.logged) return RateClass::TrackKey;
            return route.path.starts_with("/analytics") || route.path.starts_with("/events")
                       ? RateClass::Analytics
                       : RateClass::Key;
        case Auth::None:
            break;
    }
    if (route.operation == "ingest") return RateClass::Ingest;
    // Reads without a key are pages, pictures and what load balancers ask; one fetches a page.
    const bool fetches = route.operation == "getMetatags";
    if (route.browser || fetches || route.method != "GET") return RateClass::Address;
    return std::nullopt;
}

void tell_rate(const RateVerdict& verdict, Response& response) {
    if (verdict.limit == 0) return;
    response.headers.emplace_back("X-RateLimit-Limit", std::to_string(verdict.limit));
    response.headers.emplace_back("X-RateLimit-Remaining", std::to_string(verdict.remaining));
    response.headers.emplace_back("X-RateLimit-Reset", std::to_string(verdict.reset_at_ms));
    if (verdict.allowed()) return;
    std::erase_if(response.headers,
                  [](const auto& header) { return header.first == "Retry-After"; });
    response.headers.emplace_back("Retry-After", std::to_string(verdict.retry_after_s));
}

RateLimiter::RateLimiter(RateLimits limits, std::uint64_t seed, std::size_t bytes_max)
    : limits_(limits),
      seed_(seed),
      sets_(std::max<std::size_t>(bytes_max / sizeof(Slot) / kWays, 1)),
      slots_(sets_ * kWays) {}

RateLimiter::Window RateLimiter::window_of(RateClass rate_class) const {
    switch (rate_class) {
        case RateClass::Key:
            return {limits_.key, kMinuteMs};
        case RateClass::TrackKey:
            return {limits_.track_key, kMinuteMs};
        case RateClass::Analytics:
            return {limits_.analytics, kSecondMs};
        case RateClass::Publishable:
            return {limits_.publishable, kMinuteMs};
        case RateClass::Address:
            return {limits_.address, kMinuteMs};
        case RateClass::Hook:
            return {limits_.hook, kMinuteMs};
        case RateClass::Ingest:
            return {limits_.ingest, kHourMs};
        case RateClass::Redirect:
            break;
    }
    return {limits_.redirect, kMinuteMs};
}

std::uint64_t RateLimiter::name_of(RateClass rate_class, std::string_view who) const {
    auto bits = std::hash<std::string_view>{}(who);
    const bool is_address = rate_class == RateClass::Address || rate_class == RateClass::Redirect ||
                            rate_class == RateClass::Ingest;
    if (is_address && who.contains(':')) {
        const auto address = IpAddress::parse(who);
        if (address && !address->is_v4()) {
            constexpr std::size_t kNetworkBytes = 8;
            std::memcpy(&bits, address->bytes().data(), kNetworkBytes);
        }
    }
    return mixed(mixed(bits ^ seed_) + static_cast<std::uint64_t>(rate_class)) | 1U;
}

// The slot of that name, or the one that is missed least: the oldest, then the one with the fewest
// requests. So a flood of addresses that come once does not push out those that come often.
RateLimiter::Slot& RateLimiter::slot_of(std::uint64_t name, std::size_t set, std::int64_t window) {
    const auto ways = std::span(slots_).subspan(set * kWays, kWays);
    const auto known = std::ranges::find(ways, name, &Slot::name);
    if (known != ways.end()) return *known;
    auto& slot = *std::ranges::min_element(ways, {}, [](const Slot& each) {
        return std::tuple(each.window, each.current + each.before);
    });
    slot = {.name = name, .window = window};
    return slot;
}

RateVerdict RateLimiter::count(RateClass rate_class, std::string_view who, std::int64_t now_ms) {
    const auto [limit, window_ms] = window_of(rate_class);
    if (limit == 0) return {};
    const auto window = now_ms / window_ms;
    const auto elapsed_ms = now_ms % window_ms;
    const auto name = name_of(rate_class, who);
    const auto set = name % sets_;
    const std::scoped_lock lock(mutexes_[set % kLocks]);
    auto& slot = slot_of(name, set, window);
    if (slot.window < window) {
        slot.before = slot.window == window - 1 ? slot.current : 0;
        slot.current = 0;
        slot.window = window;
    }
    const std::int64_t current = slot.current;
    const std::int64_t used = current + slot.before * (window_ms - elapsed_ms) / window_ms;
    RateVerdict verdict{.limit = limit, .reset_at_ms = (window + 1) * window_ms};
    if (used < limit) {
        ++slot.current;
        verdict.remaining = limit - used - 1;
        return verdict;
    }
    const auto room_ms = current < limit ? room_after_ms(slot.before, current, limit, window_ms)
                                         : window_ms + room_after_ms(current, 0, limit, window_ms);
    verdict.retry_after_s =
        std::max<std::int64_t>((room_ms - elapsed_ms + kSecondMs - 1) / kSecondMs, 1);
    return verdict;
}

}  // namespace hw
