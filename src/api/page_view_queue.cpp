// SPDX-License-Identifier: Apache-2.0
#include "api/page_view_queue.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

#include "base/limits.hpp"
#include "core/record_page_views.hpp"

namespace hw {

void PageViewQueue::record(PageView view, Done done) {
    {
        std::unique_lock lock(mutex_);
        if (waiting_.size() >= limits::kPageQueueMax) {
            lock.unlock();
            return done(std::unexpected(unavailable("page_view_queue_full")));
        }
        waiting_.push_back({std::move(view), std::move(done)});
        if (writing_) return;
        writing_ = true;
    }
    write_next();
}

void PageViewQueue::write_next() {
    auto batch = std::make_shared<std::vector<Waiting>>();
    {
        const std::scoped_lock lock(mutex_);
        const auto size = std::min(waiting_.size(), limits::kPageBatchMax);
        if (size == 0) {
            writing_ = false;
            return;
        }
        const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(size);
        std::move(waiting_.begin(), end, std::back_inserter(*batch));
        waiting_.erase(waiting_.begin(), end);
    }
    db_.write<bool>(
        std::string(kOperator),
        [batch](Tx& tx) -> Result<bool> {
            std::vector<const PageView*> views;
            for (const auto& each : *batch) views.push_back(&each.view);
            record_page_views(tx, views);
            return true;
        },
        [this, batch](const Result<bool>& recorded) {
            for (auto& each : *batch) each.done(recorded);
            write_next();
        });
}

}  // namespace hw
