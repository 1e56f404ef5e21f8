// SPDX-License-Identifier: Apache-2.0
// The only source of time and randomness, so that tests, replay and dry runs can repeat anything.
#pragma once

#include <cstdint>

namespace hw {

class Env {
  public:
    virtual ~Env() = default;
    virtual std::int64_t now_ms() = 0;      // milliseconds since 1970-01-01 UTC
    virtual std::uint64_t random_64() = 0;  // uniform; unpredictable outside of tests
};

}  // namespace hw
