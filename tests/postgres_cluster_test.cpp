// SPDX-License-Identifier: Apache-2.0
#include "tests/postgres_cluster.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace hw {
namespace {

// The first field of the answer, or the error in brackets.
std::string answer(const std::string& url, const char* statement) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()),
                                                                  PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), statement),
                                                               PQclear);
    switch (PQresultStatus(result.get())) {
        case PGRES_TUPLES_OK:
            return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
        case PGRES_COMMAND_OK:
            return "";
        default:
            return std::string("[") + PQerrorMessage(connection.get()) + "]";
    }
}

TEST(PostgresCluster, KeepsWhatWasCommittedOverAPowerCut) {
    PostgresCluster cluster;
    const auto url = cluster.fresh_database();
    EXPECT_EQ(answer(url, "select 1"), "1");
    EXPECT_EQ(answer(url, "show fsync"), "on");
    EXPECT_EQ(answer(url, "create table kept as select 42 as n"), "");

    cluster.kill_hard();
    EXPECT_FALSE(cluster.running());
    EXPECT_TRUE(answer(url, "select 1").starts_with("["));

    cluster.start();
    EXPECT_EQ(answer(url, "select n from kept"), "42");

    cluster.stop();
    EXPECT_FALSE(cluster.running());
    cluster.start();
    EXPECT_EQ(answer(url, "select n from kept"), "42");
}

TEST(PostgresCluster, MakesDatabasesFromManyThreads) {
    constexpr std::size_t kThreads = 8;
    std::vector<std::string> urls(kThreads);
    std::vector<std::thread> threads;
    for (auto& url : urls) {
        threads.emplace_back([&url] { url = fresh_postgres_database(); });
    }
    for (auto& thread : threads) thread.join();

    EXPECT_EQ(std::set<std::string>(urls.begin(), urls.end()).size(), kThreads);
    for (const auto& url : urls) EXPECT_EQ(answer(url, "create table only_here (n int)"), "");
}

TEST(PostgresCluster, DropsADatabaseThatIsStillInUse) {
    std::string url;
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection(nullptr, PQfinish);
    {
        const FreshPostgresDatabase database;
        url = database.url();
        connection.reset(PQconnectdb(url.c_str()));
        EXPECT_EQ(PQstatus(connection.get()), CONNECTION_OK);
    }
    EXPECT_TRUE(answer(url, "select 1").starts_with("["));
    EXPECT_EQ(PQping(url.c_str()), PQPING_OK);  // the server itself is well
}

}  // namespace
}  // namespace hw
