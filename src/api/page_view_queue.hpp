// SPDX-License-Identifier: Apache-2.0
// Page views on their way into the database: those that arrive while one transaction runs go into
// the next one together, so that many cost little more than one.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "store/db.hpp"
#include "store/page_views.hpp"

namespace hw {

class PageViewQueue {
  public:
    using Done = std::move_only_function<void(Result<bool>)>;

    explicit PageViewQueue(Db& db) : db_(db) {}

    // Calls `done` when the view is durable; with an Error when it is not, or when too many wait.
    void record(PageView view, Done done);

  private:
    struct Waiting {
        PageView view;
        Done done;
    };

    void write_next();

    Db& db_;
    std::mutex mutex_;
    std::vector<Waiting> waiting_;
    bool writing_ = false;
};

}  // namespace hw
