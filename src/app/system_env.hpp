// SPDX-License-Identifier: Apache-2.0
// The real clock and the kernel's random numbers: the only ones in the program.
#pragma once

#include "base/env.hpp"

namespace hw {

class SystemEnv : public Env {
  public:
    std::int64_t now_ms() override;
    std::uint64_t random_64() override;  // from getrandom(2), thread-safe
};

}  // namespace hw
