// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_log_syncer.hpp"

#include <utility>

namespace hw {
namespace {

constexpr std::size_t kAheadMax = 1;

}  // namespace

SqliteLogSyncer::SqliteLogSyncer(std::unique_ptr<SqliteLog> log)
    : log_(std::move(log)), thread_([this] { loop(); }) {}

void SqliteLogSyncer::after_commit(Synced synced) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_.size() < kAheadMax; });
        waiting_.push_back(std::move(synced));
    }
    changed_.notify_all();
}

void SqliteLogSyncer::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::vector<SqliteLogSyncer::Synced> SqliteLogSyncer::take_waiting() {
    std::vector<Synced> commits;
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopped_ || !waiting_.empty(); });
        commits.swap(waiting_);
    }
    changed_.notify_all();
    return commits;
}

std::optional<Fault> SqliteLogSyncer::try_sync() {
    try {
        log_->sync();
        return std::nullopt;
    } catch (const Fault& fault) {
        return fault;
    }
}

void SqliteLogSyncer::loop() {
    std::optional<Fault> fault;
    for (;;) {
        auto commits = take_waiting();
        if (commits.empty()) return;
        // After a failed sync nobody knows what is on the disk, whatever later ones say.
        if (!fault) fault = try_sync();
        for (auto& synced : commits) synced(fault ? &*fault : nullptr);
    }
}

}  // namespace hw
