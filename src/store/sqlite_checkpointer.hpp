// SPDX-License-Identifier: Apache-2.0
// Copies SQLite's write-ahead log back into the database file, off the commit path: inline, that is
// the slowest thing a commit does. Private to store/.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/fault.hpp"
#include "store/db.hpp"
#include "store/sqlite.hpp"

namespace hw {

class SqliteCheckpointer {
  public:
    // `on_fault` is called on the checkpointer's thread. The log keeps every commit until then, so
    // a full disk only makes it longer.
    SqliteCheckpointer(const std::string& path, DbStats& stats,
                       std::function<void(const Fault&)> on_fault);
    ~SqliteCheckpointer();
    SqliteCheckpointer(const SqliteCheckpointer&) = delete;
    SqliteCheckpointer& operator=(const SqliteCheckpointer&) = delete;

    // The writer calls this between two commits with the length of the log.
    void after_commit(SqliteConnection& writer);

  private:
    void loop();
    bool wait_for_request();  // false: stopped
    void copy_back(SqliteConnection& connection, int wait_ms);

    std::unique_ptr<SqliteConnection> connection_;
    DbStats& stats_;
    std::function<void(const Fault&)> on_fault_;
    std::int64_t requested_at_pages_ = 0;  // of the writer's thread
    std::int64_t restart_at_pages_;        // of the writer's thread
    std::mutex mutex_;
    std::condition_variable wake_;
    bool requested_ = false;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace hw
