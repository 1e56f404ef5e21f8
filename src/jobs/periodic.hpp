// SPDX-License-Identifier: Apache-2.0
// Work that is done again and again: the table of it, and what runs what is due.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "store/db.hpp"

namespace hw {

struct PeriodicTask {
    std::string name;
    std::int64_t period_ms;
    std::function<Result<void>(Db& db)> run;  // may block; must do no harm when done twice
};

struct PeriodicOptions {
    std::int64_t page_view_days = limits::kPageViewDays;  // after which page views are forgotten
};

// Every periodic task of the program.
std::vector<PeriodicTask> periodic_tasks(const PeriodicOptions& options = {});

// Runs `step` in a transaction of the operator, unless another node is at the same at this moment.
Result<void> on_one_node(Db& db, std::string_view name, std::function<void(Tx& tx)> step);

// Runs tasks when they are due: at first at once, after a failure soon again.
class PeriodicWork {
  public:
    PeriodicWork(Db& db, std::vector<PeriodicTask> tasks);

    std::size_t run_due();  // how many ran. On one thread

  private:
    struct Entry {
        PeriodicTask task;
        std::int64_t due_ms;
    };

    bool run(const PeriodicTask& task);

    Db& db_;
    std::vector<Entry> entries_;
};

}  // namespace hw
