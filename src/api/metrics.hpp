// SPDX-License-Identifier: Apache-2.0
// GET /metrics: counts for Prometheus. Cheap to add to, from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include "store/db.hpp"

namespace hw {

class Metrics {
  public:
    Metrics();

    // One answered request of that operation ("trackSale", "redirect", "unknown"), a text that
    // lives as long as the program.
    void answered(std::string_view operation, int status);

    // A figure that its owner counts; read at each scrape. `name` without the prefix "headwater_".
    void watch(std::string name, std::string help, std::function<std::int64_t()> read);
    void watch(const DbStats& stats);

    std::string text() const;

  private:
    struct Watched {
        std::string name;
        std::string help;
        std::function<std::int64_t()> read;
    };

    // Operation and status; `operation` points into the route table or a literal.
    using CounterKey = std::pair<std::string_view, int>;

    prometheus::Registry registry_;
    prometheus::Family<prometheus::Counter>& requests_;
    std::shared_mutex mutex_;
    std::map<CounterKey, prometheus::Counter*> counters_;
    std::vector<Watched> watched_;
};

}  // namespace hw
