// SPDX-License-Identifier: Apache-2.0
// What a connection means, the same on both engines: values, order, savepoints, and what becomes of
// a transaction in which a statement failed.
#include "store/connection.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "base/fault.hpp"
#include "store/migrate.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

constexpr std::string_view kScratch =
    "create table scratch (name @TEXT@ primary key, number @INT64@, bytes @BLOB@) @BY_KEY@;";

const Query kDivide{"test_divide", "select 10 / cast($1 as bigint)"};

class ConnectionTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    ConnectionTest() : url(scratch_url(GetParam())), connection(connect_as_owner(url)) {
        connection->run_script("delete from scratch");
    }

    static std::string scratch_url(EngineKind engine) {
        const auto make = [](EngineKind kind) {
            auto database = own_database(kind, false);
            connect_as_owner(database.url)->run_script(migration_sql(kScratch, kind));
            return database;
        };
        static const auto sqlite = make(EngineKind::Sqlite);
        static const auto postgres = make(EngineKind::Postgres);
        return engine == EngineKind::Sqlite ? sqlite.url : postgres.url;
    }

    void begin() { connection->begin(kOperator); }
    void insert(std::string_view name, const Param& number = std::nullopt,
                const Param& bytes = std::nullopt) {
        const std::array<Param, 3> row{name, number, bytes};
        connection->exec_text("insert into scratch (name, number, bytes) values ($1, $2, $3)", row);
    }
    std::vector<std::string> names(std::string_view order = "order by name") {
        return names_through(*connection, order);
    }
    static std::vector<std::string> names_through(Connection& reader, std::string_view order = "") {
        std::vector<std::string> found;
        reader.stream(fmt::format("select name from scratch {}", order),
                      [&](const Row& row) { found.push_back(row.text(0)); });
        return found;
    }
    std::vector<std::string> committed_names() {
        const auto other = connect_as_owner(url);
        other->begin(kOperator);
        return names_through(*other, "order by name");
    }
    static FaultKind kind_of_fault(FunctionRef<void()> work) {
        try {
            work();
        } catch (const Fault& fault) {
            return fault.kind();
        }
        ADD_FAILURE() << "no fault was thrown";
        return FaultKind::Lost;
    }

    std::string url;
    std::unique_ptr<Connection> connection;
};

using Names = std::vector<std::string>;

TEST_P(ConnectionTest, ValuesComeBackAsTheyWere) {
    using Limits = std::numeric_limits<std::int64_t>;
    const std::string bytes("\0\x01\xFF'\\\x80", 6);
    struct Case {
        std::string name;
        std::optional<std::int64_t> number;
        std::optional<std::string> bytes;
    };
    const std::vector<Case> cases{
        {"", 0, ""},
        {"least", Limits::min(), bytes},
        {"greatest", Limits::max(), std::string(1'000'000, '\0')},
        {"nothing", std::nullopt, std::nullopt},
        {"four bytes \xF0\x9F\xA6\x86 \xF4\x8F\xBF\xBF", -1, "\xF0"},
        {"quotes ' \" \\ \n\t; -- $1 ?", 1, "x"},
        {std::string(2'000, 'm'), 2, "y"},
    };
    begin();
    for (const auto& c : cases) {
        const Param number(c.number);
        insert(c.name, number, c.bytes ? Param(Param::Bytes{*c.bytes}) : Param(std::nullopt));
    }
    connection->commit();

    begin();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name.substr(0, 40));
        int rows = 0;
        connection->stream("select name, number, bytes from scratch", [&](const Row& row) {
            if (row.view(0) != c.name) return;
            ++rows;
            EXPECT_EQ(row.optional_int64(1), c.number);
            EXPECT_EQ(row.is_null(2), !c.bytes.has_value());
            EXPECT_EQ(row.bytes(2), c.bytes.value_or(""));
        });
        EXPECT_EQ(rows, 1);
    }
}

TEST_P(ConnectionTest, TextOfAnyOtherKindIsRefused) {
    for (const std::string_view text :
         {std::string_view("a\0b", 3), std::string_view("\xFF"), std::string_view("\xC0\x80"),
          std::string_view("\xED\xA0\x80"), std::string_view("cut \xF0\x9F\xA6")}) {
        begin();
        EXPECT_EQ(kind_of_fault([&] { insert(text); }), FaultKind::Bug);
        connection->rollback();
    }
}

TEST_P(ConnectionTest, WrongTypesAreNotReadAsZero) {
    begin();
    insert("text", std::nullopt);
    for (const auto* column : {"name", "number"}) {
        EXPECT_EQ(kind_of_fault([&] {
                      connection->stream(fmt::format("select {} from scratch", column),
                                         [](const Row& row) { row.int64(0); });
                  }),
                  FaultKind::Bug)
            << column;
    }
}

TEST_P(ConnectionTest, TextSortsByItsBytes) {
    const Names sorted{"",
                       "A",
                       "B",
                       "Z",
                       "_",
                       "a",
                       "a-b",
                       "a_b",
                       "ab",
                       "b",
                       "\xC3\x84",
                       "\xC3\xA4",
                       "\xEF\xBF\xBD",
                       "\xF0\x9F\xA6\x86"};
    begin();
    for (auto name = sorted.rbegin(); name != sorted.rend(); ++name) insert(*name);
    EXPECT_EQ(names(), sorted);
    EXPECT_EQ(names("where name > 'Z' and name < 'b' order by name desc"),
              (Names{"ab", "a_b", "a-b", "a", "_"}));
}

TEST_P(ConnectionTest, CommitKeepsAndRollbackDrops) {
    begin();
    insert("kept");
    connection->commit();
    begin();
    insert("dropped");
    connection->rollback();
    EXPECT_EQ(committed_names(), Names{"kept"});
}

TEST_P(ConnectionTest, FailureInASavepointEndsWithIt) {
    begin();
    insert("before");
    connection->savepoint();
    EXPECT_NE(kind_of_fault([&] {
                  insert("before");
                  names();  // PostgreSQL delays what nobody reads from
              }),
              FaultKind::Lost);
    connection->rollback_to_savepoint();
    connection->savepoint();
    insert("after");
    connection->release_savepoint();
    connection->commit();
    EXPECT_EQ(committed_names(), (Names{"after", "before"}));
}

TEST_P(ConnectionTest, FailureNobodyHeardOfIsForgottenWithItsSavepoint) {
    begin();
    connection->savepoint();
    if (GetParam() == EngineKind::Postgres) insert("x", "not a number");
    connection->rollback_to_savepoint();
    insert("after");
    connection->commit();
    EXPECT_EQ(committed_names(), Names{"after"});
}

TEST_P(ConnectionTest, RollbackEndsTheTransactionAndTellsWhatFailed) {
    if (GetParam() == EngineKind::Sqlite) return;  // its statements fail where they stand
    begin();
    insert("x", "not a number");
    EXPECT_EQ(kind_of_fault([&] { connection->rollback(); }), FaultKind::Bug);
    begin();
    insert("next");
    connection->commit();
    EXPECT_EQ(committed_names(), Names{"next"});
}

// Several failures in a row on one connection, at each place where a failure can come to light.
TEST_P(ConnectionTest, GoesOnAfterEveryKindOfFailure) {
    for (int round = 0; round < 3; ++round) {
        SCOPED_TRACE(round);
        const auto name = fmt::format("round {}", round);
        begin();
        insert(name);
        connection->commit();
        const std::vector<std::function<void()>> failures{
            [&] { connection->commit(); },
            [&] { names(); },
            [&] { connection->run_script("select 1"); },
            [&] { connection->rollback(); },
        };
        for (const auto& notice : failures) {
            begin();
            EXPECT_NE(kind_of_fault([&] {
                          insert(name);
                          notice();
                          // A statement of SQLite has failed by now.
                      }),
                      FaultKind::Lost);
            connection->rollback();
        }
        begin();
        EXPECT_EQ(kind_of_fault([&] { connection->run_script("no such statement"); }),
                  FaultKind::Bug);
        connection->rollback();
        begin();
        EXPECT_EQ(kind_of_fault([&] { connection->stream("select no", [](const Row&) {}); }),
                  FaultKind::Bug);
        connection->rollback();
    }
    EXPECT_EQ(committed_names(), (Names{"round 0", "round 1", "round 2"}));
}

TEST_P(ConnectionTest, QueryThatFailsLeavesTheConnectionUsable) {
    const auto divide = [&](std::int64_t by) {
        std::int64_t result = 0;
        const Param param(by);
        connection->query(kDivide, {&param, 1}, [&](const Row& row) { result = row.int64(0); });
        return result;
    };
    for (int round = 0; round < 3; ++round) {
        begin();
        EXPECT_EQ(divide(5), 2);
        EXPECT_EQ(kind_of_fault([&] { divide(0); }), FaultKind::Bug);
        connection->rollback();
        begin();
        EXPECT_EQ(divide(10), 1);
        connection->commit();
        // What failed before it comes to light here.
        begin();
        insert("once");
        EXPECT_NE(kind_of_fault([&] {
                      insert("once");
                      divide(5);
                  }),
                  FaultKind::Lost);
        connection->rollback();
        begin();
        EXPECT_EQ(divide(2), 5);
        connection->commit();
    }
}

TEST_P(ConnectionTest, CommitOfAFailedTransactionIsAFault) {
    if (GetParam() == EngineKind::Sqlite) return;  // a failed statement fails alone
    begin();
    insert("lost with its transaction");
    EXPECT_THROW(connection->run_script("no such statement"), Fault);
    EXPECT_EQ(kind_of_fault([&] { connection->commit(); }), FaultKind::Bug);
    EXPECT_EQ(committed_names(), Names{});
}

TEST_P(ConnectionTest, StreamEndsWhenItsReaderThrows) {
    begin();
    for (int i = 0; i < 1'000; ++i) insert(fmt::format("row {:04}", i));
    int seen = 0;
    EXPECT_THROW(connection->stream("select name from scratch",
                                    [&](const Row&) {
                                        if (++seen == 10) throw std::runtime_error("enough");
                                    }),
                 std::runtime_error);
    EXPECT_EQ(seen, 10);
    connection->rollback();
    begin();
    EXPECT_EQ(names(), Names{});
}

TEST_P(ConnectionTest, ReadersSeeOneSnapshotAndCannotWrite) {
    begin();
    insert("first");
    connection->commit();
    const auto reader = connect(url, Access::ReadOnly);
    if (GetParam() == EngineKind::Postgres) {
        connection->run_script("grant all on scratch to public");
    }
    reader->begin(kOperator);
    EXPECT_EQ(names_through(*reader), Names{"first"});
    begin();
    insert("second");
    connection->commit();
    EXPECT_EQ(names_through(*reader), Names{"first"});
    EXPECT_EQ(kind_of_fault([&] {
                  reader->exec_text("delete from scratch", {});
                  reader->commit();
              }),
              FaultKind::Bug);
    reader->rollback();
    reader->begin(kOperator);
    EXPECT_EQ(names_through(*reader, "order by name"), (Names{"first", "second"}));
}

TEST(Connections, WhatCannotBeOpenedIsLost) {
    struct Case {
        std::string url;
        FaultKind expected;
    };
    const std::vector<Case> cases{
        {"sqlite:/no/such/folder/file.db", FaultKind::Lost},
        {"sqlite:/etc/passwd", FaultKind::Incompatible},
        {"postgres://nobody@127.0.0.1:1/none?connect_timeout=2", FaultKind::Lost},
        {"mysql://localhost/x", FaultKind::Incompatible},
    };
    for (const auto& c : cases) {
        try {
            connect(c.url, Access::ReadWrite);
            ADD_FAILURE() << c.url;
        } catch (const Fault& fault) {
            EXPECT_EQ(fault.kind(), c.expected) << c.url << ": " << fault.what();
        }
    }
}

HW_ON_BOTH_ENGINES(ConnectionTest);

}  // namespace
}  // namespace hw
