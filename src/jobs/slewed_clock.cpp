// SPDX-License-Identifier: Apache-2.0
#include "jobs/slewed_clock.hpp"

#include <algorithm>
#include <cstdlib>

namespace hw {
namespace {

constexpr std::int64_t kJumpMs = 2'000;  // less is a clock that is being set with care
constexpr std::int64_t kSlewPart = 2;    // of the time that passes is what it makes good

}  // namespace

SlewedClock::SlewedClock(Env& env, std::function<std::int64_t()> steady_ms)
    : env_(env), read_steady_ms_(std::move(steady_ms)), wall_ms_(env.now_ms()) {
    if (read_steady_ms_) steady_ms_ = read_steady_ms_();
}

std::int64_t SlewedClock::now_ms() {
    if (!read_steady_ms_) return env_.now_ms();
    const std::scoped_lock lock(mutex_);
    const auto wall_ms = env_.now_ms();
    const auto steady_ms = read_steady_ms_();
    const auto passed_ms = std::max<std::int64_t>(0, steady_ms - steady_ms_);
    const auto jump_ms = (wall_ms - wall_ms_) - passed_ms;
    if (std::abs(jump_ms) >= kJumpMs) ahead_ms_ -= jump_ms;
    const auto made_good_ms = std::min(std::abs(ahead_ms_), passed_ms / kSlewPart);
    ahead_ms_ += ahead_ms_ > 0 ? -made_good_ms : made_good_ms;
    // Steps of one millisecond would be made good by nothing: they add up instead.
    if (passed_ms >= kSlewPart || std::abs(jump_ms) >= kJumpMs) {
        wall_ms_ = wall_ms;
        steady_ms_ = steady_ms;
    }
    return wall_ms + ahead_ms_;
}

std::int64_t SlewedClock::steady_ms() {
    return read_steady_ms_ ? read_steady_ms_() : env_.now_ms();
}

}  // namespace hw
