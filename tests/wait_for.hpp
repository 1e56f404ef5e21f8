// SPDX-License-Identifier: Apache-2.0
// Waiting for a condition, which is what tests do instead of sleeping.
#pragma once

#include <poll.h>

#include <algorithm>
#include <chrono>

namespace hw {

// True as soon as `condition()` is; false when it still is not after `timeout`. The timeout is for
// a machine that hangs, not a measure: choose it generously.
template <class Condition>
bool wait_for(Condition condition, std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (int pause_ms = 1; !condition(); pause_ms = std::min(pause_ms * 2, 20)) {
        if (std::chrono::steady_clock::now() >= deadline) return condition();
        ::poll(nullptr, 0, pause_ms);
    }
    return true;
}

}  // namespace hw
