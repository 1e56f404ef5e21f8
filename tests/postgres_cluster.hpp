// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL of the tests' own: private data directory, loopback, killed with its owner. A server
// of the machine is never touched.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hw {

// One server. The constructor makes and starts it, which takes a second or two; fsync is on. Its
// databases sort text as people do and not byte by byte, like many an operator's, so that a query
// which needs byte order and does not say so is found out.
class PostgresCluster {
  public:
    PostgresCluster();
    ~PostgresCluster();  // stops it and deletes its data
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

    void start();      // after stop() or kill_hard(): the same data and the same port
    void stop();       // in order
    void kill_hard();  // as a power cut: kill -9, and every process of it is gone on return
    bool running() const;

    // postgres://... as a superuser.
    std::string url(std::string_view database = "postgres") const;

    // A new, empty database; its URL.
    std::string fresh_database() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// The server that the tests of one run share, as a URL of its database "postgres". In this order:
// the environment variable HW_TEST_POSTGRES, the one that ctest's fixture started, or a private one
// that lives as long as this program.
std::string shared_postgres_url();

// A new, empty database on the shared server; its URL. Safe from any thread and process.
std::string fresh_postgres_database();

// A database of the shared server for as long as the object lives.
class FreshPostgresDatabase {
  public:
    FreshPostgresDatabase() : url_(fresh_postgres_database()) {}
    ~FreshPostgresDatabase();  // drops it, with the connections that are still open
    FreshPostgresDatabase(const FreshPostgresDatabase&) = delete;
    FreshPostgresDatabase& operator=(const FreshPostgresDatabase&) = delete;
    const std::string& url() const { return url_; }

  private:
    std::string url_;
};

}  // namespace hw
