// SPDX-License-Identifier: Apache-2.0
// Syncs SQLite's write-ahead log while the writer works on the next commit, once for all commits
// that wait for it. What a commit answers goes out when it is on disk. Private to store/.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/fault.hpp"
#include "store/sqlite.hpp"

namespace hw {

class SqliteLogSyncer {
  public:
    // The commit is on disk, or why nobody knows that: then, and ever after, nothing is.
    using Synced = std::move_only_function<void(const Fault*)>;

    explicit SqliteLogSyncer(std::unique_ptr<SqliteLog> log);
    ~SqliteLogSyncer() { stop(); }
    SqliteLogSyncer(const SqliteLogSyncer&) = delete;
    SqliteLogSyncer& operator=(const SqliteLogSyncer&) = delete;

    // After a commit: `synced` is called on the syncer's thread, in the order of the commits. Waits
    // while kAheadMax commits wait: each more would make their groups smaller for nothing.
    void after_commit(Synced synced);

    void stop();  // when all have been called

  private:
    void loop();
    std::optional<Fault> try_sync();
    std::vector<Synced> take_waiting();  // nothing: stopped

    std::unique_ptr<SqliteLog> log_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Synced> waiting_;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace hw
