// SPDX-License-Identifier: Apache-2.0
// The SQLite driver. WAL with synchronous=FULL: a commit that returned is on disk, unless its owner
// took the log over to sync it for many commits at once.
#pragma once

#include <memory>
#include <string>

#include "store/connection.hpp"

namespace hw {

// The write-ahead log of a connection, for another thread.
class SqliteLog {
  public:
    virtual ~SqliteLog() = default;
    virtual void sync() = 0;  // returns when every commit so far is on disk; a Fault when it is not
};

class SqliteConnection : public Connection {
  public:
    // Pages in the write-ahead log as of the last commit on this connection.
    virtual std::int64_t wal_pages() const = 0;
    // Copies the log back into the file; `wait_ms` is how long it may wait for readers so that the
    // log starts over, 0 that it does not try. False when somebody was in the way.
    virtual bool checkpoint(int wait_ms) = 0;
    // From here on commit() leaves the log unsynced (synchronous=NORMAL: what holds the file
    // together when power fails is still synced). `bytes`: the length of file that the log gets
    // before anything is in it. The log must not outlive the connection.
    virtual std::unique_ptr<SqliteLog> take_log(std::int64_t bytes) = 0;
};

std::unique_ptr<SqliteConnection> connect_sqlite(const std::string& path, Access access);

}  // namespace hw
