// SPDX-License-Identifier: Apache-2.0
// How background work is run, and what came of it: what the parts of the runner share.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/limits.hpp"

namespace hw {

class PaymentProvider;

struct JobRunnerOptions {
    std::vector<const PaymentProvider*> providers{};  // those whose deliveries can be read
    std::string public_url{};  // where browsers reach this server, without a slash at its end
    std::size_t threads = 32;  // attempts mostly wait for others
    std::size_t jobs_per_workspace = 24;  // at the same time, on this node
    std::size_t jobs_per_destination = 2;
    std::int64_t period_ms = 1'000;   // between looks for work, when nobody nudges
    std::int64_t lease_ms = 120'000;  // without a sign of life of its holder
    std::int64_t attempts_max = 6;
    std::int64_t backoff_first_ms = 15'000;  // bound of the first pause; doubles with every attempt
    std::int64_t backoff_most_ms = 3'600'000;
    std::int64_t page_view_days = limits::kPageViewDays;  // after which page views are forgotten
    // After so many failures in a row a destination is let alone, for times that double.
    std::int64_t breaker_failures = 5;
    std::int64_t breaker_first_ms = 30'000;
    std::int64_t breaker_most_ms = 1'800'000;
    // Destinations whose last attempt took so long, or that were not tried yet by this node, may
    // hold half of the threads together.
    std::int64_t slow_ms = 10'000;
    // Milliseconds of a clock that never jumps. Without it Env is believed.
    std::function<std::int64_t()> steady_ms{};
};

struct JobStats {
    std::atomic<std::int64_t> attempts{0};
    std::atomic<std::int64_t> done{0};
    std::atomic<std::int64_t> retried{0};
    std::atomic<std::int64_t> snoozed{0};
    std::atomic<std::int64_t> dead{0};
    std::atomic<std::int64_t> leases_lost{0};
    std::atomic<std::int64_t> breaker_opens{0};
    // Of the whole database, as last counted.
    std::atomic<std::int64_t> depth_ready{0};
    std::atomic<std::int64_t> depth_waiting{0};
    std::atomic<std::int64_t> depth_running{0};
    std::atomic<std::int64_t> depth_blocked{0};
    std::atomic<std::int64_t> depth_dead{0};
    std::atomic<std::int64_t> oldest_ready_age_ms{0};
};

}  // namespace hw
