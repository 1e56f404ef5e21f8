// SPDX-License-Identifier: Apache-2.0
#include "jobs/job_kind.hpp"

#include <algorithm>

namespace hw {

std::int64_t backoff_ms(const Backoff& backoff, std::int64_t attempts, Env& env) {
    auto most_ms = backoff.first_ms;
    for (std::int64_t i = 1; i < attempts && most_ms < backoff.most_ms; ++i) most_ms *= 2;
    most_ms = std::max<std::int64_t>(1, std::min(most_ms, backoff.most_ms));
    return 1 + static_cast<std::int64_t>(env.random_64() % static_cast<std::uint64_t>(most_ms));
}

std::optional<std::int64_t> JobKind::pause_ms(std::int64_t attempts, Env& env) {
    if (attempts >= backoff_.attempts_max) return std::nullopt;
    return backoff_ms(backoff_, attempts, env);
}

}  // namespace hw
