// SPDX-License-Identifier: Apache-2.0
// The wall clock without its jumps, for waits: after a jump it goes on from where it was, faster or
// slower than time, until both agree again.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

#include "base/env.hpp"

namespace hw {

class SlewedClock {
  public:
    // `steady_ms` never jumps; without it the wall clock is believed.
    SlewedClock(Env& env, std::function<std::int64_t()> steady_ms);

    std::int64_t now_ms();  // from any thread

    // For the length of leases; has nothing to do with the time of day.
    std::int64_t steady_ms();

  private:
    Env& env_;
    std::function<std::int64_t()> read_steady_ms_;
    std::mutex mutex_;
    std::int64_t wall_ms_ = 0;
    std::int64_t steady_ms_ = 0;
    std::int64_t ahead_ms_ = 0;  // of the wall clock
};

}  // namespace hw
