// SPDX-License-Identifier: Apache-2.0
// Tells which leases have lost their holder: those that gave no sign of life for as long as they
// last, by a clock of our own. So nobody's time of day matters, neither ours nor theirs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "store/jobs.hpp"

namespace hw {

class LeaseWatch {
  public:
    // `running` is every job under a lease at this moment, without our own.
    std::vector<RunningJob> find_lost(const std::vector<RunningJob>& running,
                                      std::int64_t steady_ms);

  private:
    using Key = std::pair<std::string, std::string>;  // workspace and job
    struct Seen {
        std::string lease;
        std::int64_t beat;
        std::int64_t since_ms;
    };
    std::map<Key, Seen> seen_;
};

}  // namespace hw
