// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_checkpointer.hpp"

#include "base/log.hpp"

namespace hw {
namespace {

constexpr std::int64_t kCheckpointPages = 2'000;  // 8 MB of log: worth copying back
constexpr std::int64_t kRestartPages = 16'384;    // 64 MB: the writer makes room itself
constexpr int kRestartWaitMs = 20;                // for readers, while every commit waits

}  // namespace

SqliteCheckpointer::SqliteCheckpointer(const std::string& path, DbStats& stats,
                                       std::function<void(const Fault&)> on_fault)
    : connection_(connect_sqlite(path, Access::ReadWrite)),
      stats_(stats),
      on_fault_(std::move(on_fault)),
      restart_at_pages_(kRestartPages),
      thread_([this] { loop(); }) {}

SqliteCheckpointer::~SqliteCheckpointer() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void SqliteCheckpointer::after_commit(SqliteConnection& writer) {
    const auto pages = writer.wal_pages();
    if (pages < requested_at_pages_) {  // the log has started over
        requested_at_pages_ = 0;
        restart_at_pages_ = kRestartPages;
    }
    if (pages >= restart_at_pages_) {
        // Passive checkpoints cannot restart the log while commits keep coming. Most of it has been
        // copied by now, so this is short. When a reader holds an old snapshot (a backup does) it
        // does nothing, and is tried again when the log is longer by half.
        copy_back(writer, kRestartWaitMs);
        restart_at_pages_ = pages + kRestartPages / 2;
        return;
    }
    if (pages - requested_at_pages_ < kCheckpointPages) return;
    requested_at_pages_ = pages;
    {
        const std::scoped_lock lock(mutex_);
        requested_ = true;
    }
    wake_.notify_one();
}

void SqliteCheckpointer::loop() {
    while (wait_for_request()) copy_back(*connection_, 0);
}

bool SqliteCheckpointer::wait_for_request() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return requested_ || stopped_; });
    requested_ = false;
    return !stopped_;
}

void SqliteCheckpointer::copy_back(SqliteConnection& connection, int wait_ms) {
    try {
        connection.checkpoint(wait_ms);
        ++stats_.checkpoints;
    } catch (const Fault& fault) {
        log(LogLevel::Error, "checkpoint_failed", {{"what", fault.what()}});
        ++stats_.faults;
        on_fault_(fault);
    }
}

}  // namespace hw
