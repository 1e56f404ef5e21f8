// SPDX-License-Identifier: Apache-2.0
// The SQLite driver. WAL with synchronous=FULL: a commit that returned is on disk.
#pragma once

#include <memory>
#include <string>

#include "store/connection.hpp"

struct sqlite3;

namespace hw {

class SqliteConnection : public Connection {
  public:
    virtual sqlite3* handle() = 0;
    // Bytes in the write-ahead log as of the last commit on this connection.
    virtual std::int64_t wal_pages() const = 0;
};

std::unique_ptr<SqliteConnection> connect_sqlite(const std::string& path, Access access);

}  // namespace hw
