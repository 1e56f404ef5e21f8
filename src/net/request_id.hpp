// SPDX-License-Identifier: Apache-2.0
// Request ids: the caller's when well-formed, else made here. They name a request in logs; they
// are no secret, so a fast generator seeded once is enough.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/env.hpp"

namespace hw::net {

// 1 to 64 characters of [A-Za-z0-9._-].
bool is_request_id(std::string_view text);

// For one thread.
class RequestIds {
  public:
    explicit RequestIds(Env& env) : state_{env.random_64(), env.random_64()} {}

    // Overwrites `id` with 32 lower-case hex digits.
    void make(std::string& id);

  private:
    std::uint64_t next();

    std::uint64_t state_[2];
};

}  // namespace hw::net
