// SPDX-License-Identifier: Apache-2.0
// How many requests a key or an address may make: a sliding window in the memory of this node, of a
// fixed size whatever comes (reference: dub, 1.3).
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "api/http.hpp"
#include "base/limits.hpp"

namespace hw {

struct Route;

enum class RateClass : std::uint8_t {
    Key,          // a secret key, on everything that has no class of its own
    TrackKey,     // a secret key, on /track
    Analytics,    // a secret key, on /analytics and /events
    Publishable,  // a publishable key
    Address,      // an address without a key, and one that tries keys
    Redirect,     // an address on short links
    Hook,         // a payment connection, on what is delivered to it
    Ingest,       // an address that tells of page views
};

// Requests a minute, of Analytics a second, of Ingest an hour; 0: no limit.
struct RateLimits {
    std::int64_t key = 3'000;
    std::int64_t track_key = 600'000;
    std::int64_t analytics = 50;
    std::int64_t publishable = 600;
    std::int64_t address = 6'000;
    std::int64_t redirect = 0;
    std::int64_t hook = 6'000;
    std::int64_t ingest = 2'000;
};

// The class that a route's requests are counted in; none for those that are never refused.
std::optional<RateClass> rate_class_of(const Route& route);

struct RateVerdict {
    std::int64_t limit = 0;  // 0: nothing is counted
    std::int64_t remaining = 0;
    std::int64_t reset_at_ms = 0;    // end of the current window
    std::int64_t retry_after_s = 0;  // 0: allowed
    bool allowed() const { return retry_after_s == 0; }
};

// X-RateLimit-* with the times in milliseconds, as clients expect them; and for what is refused
// Retry-After, in seconds.
void tell_rate(const RateVerdict& verdict, Response& response);

class RateLimiter {
  public:
    RateLimiter(RateLimits limits, std::uint64_t seed,
                std::size_t bytes_max = limits::kRateLimiterBytes);

    // Counts the request unless it is refused. `who` is a key or an address; the addresses of one
    // IPv6 network (/64) are one.
    RateVerdict count(RateClass rate_class, std::string_view who, std::int64_t now_ms);

  private:
    struct Slot {
        std::uint64_t name = 0;
        std::int64_t window = 0;
        std::uint32_t current = 0;
        std::uint32_t before = 0;
    };
    static constexpr std::size_t kWays = 8;
    static constexpr std::size_t kLocks = 64;

    struct Window {
        std::int64_t limit;
        std::int64_t window_ms;
    };

    Window window_of(RateClass rate_class) const;
    std::uint64_t name_of(RateClass rate_class, std::string_view who) const;
    Slot& slot_of(std::uint64_t name, std::size_t set, std::int64_t window);

    RateLimits limits_;
    std::uint64_t seed_;
    std::size_t sets_;
    std::vector<Slot> slots_;
    std::array<std::mutex, kLocks> mutexes_;
};

}  // namespace hw
