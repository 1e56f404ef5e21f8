// SPDX-License-Identifier: Apache-2.0
// How many jobs a second one thread puts into the queue, or claims and completes: Headwater's own
// statements in its own transactions, or the least SQL that can be called a queue ("raw"), on the
// same engine. Each claim and each completion is a durable commit, of --batch jobs.
#include <fmt/format.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>

#include "bench/raw_sale.hpp"
#include "store/db.hpp"
#include "store/jobs.hpp"

namespace hw::bench {
namespace {

struct Options {
    std::string url;
    std::string side = "ours";
    std::string work = "drain";
    std::int64_t seconds = 10;
    std::int64_t batch = 1;
};

constexpr std::int64_t kFilled = 20'000;  // at once, before what is measured goes on
constexpr std::int64_t kFillBatch = 1'000;

// About as much as a delivery of a sale.
std::string payload() {
    return std::string(400, 'p');
}

class Queue {
  public:
    virtual ~Queue() = default;
    virtual void put(std::int64_t jobs) = 0;
    virtual std::int64_t claim_and_complete(std::int64_t most) = 0;  // how many there were
};

class OurQueue final : public Queue {
  public:
    explicit OurQueue(const std::string& url)
        : env_(1), db_({.url = url, .writers = 1, .readers = 1, .for_load = true}, env_) {}

    void put(std::int64_t jobs) override {
        write<bool>([&](Tx& tx) {
            for (std::int64_t i = 0; i < jobs; ++i) {
                insert_job(tx, {.kind = "deliver",
                                .subject_id = "evt_1",
                                .payload = payload(),
                                .destination = "webhook:wh_1"});
            }
            return true;
        });
    }

    std::int64_t claim_and_complete(std::int64_t most) override {
        const auto jobs = write<std::vector<Job>>([&](Tx& tx) {
            return claim_jobs(tx, {.workspace_id = std::string(kWorkspace),
                                   .destination = "webhook:wh_1",
                                   .lease = tx.new_id("lease_"),
                                   .lease_ms = 120'000,
                                   .limit = most});
        });
        std::vector<const Job*> claimed;
        for (const auto& job : jobs) claimed.push_back(&job);
        return write<std::int64_t>([&](Tx& tx) { return std::ssize(finish_jobs(tx, claimed)); });
    }

  private:
    template <class T>
    T write(std::function<T(Tx&)> work) {
        return db_
            .write_now<T>(std::string(kWorkspace), [&](Tx& tx) -> Result<T> { return work(tx); })
            .value();
    }

    BenchEnv env_;
    Db db_;
};

constexpr auto kRawTable =
    "drop table if exists raw_jobs; create table raw_jobs (id bigint primary key, state bigint, "
    "payload text); create index raw_jobs_ready on raw_jobs (id) where state = 0";

class RawSqliteQueue final : public Queue {
  public:
    explicit RawSqliteQueue(const std::string& path) {
        check(sqlite3_open(path.c_str(), &db_));
        run("pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-32768;"
            "pragma wal_autocheckpoint=2000");
        run(kRawTable);
        insert_ = compiled("insert into raw_jobs values (?1, 0, ?2)");
        claim_ = compiled(
            "update raw_jobs set state = 1 where id in (select id from raw_jobs where state = 0 "
            "order by id limit ?1) returning id, payload");
        complete_ = compiled("delete from raw_jobs where id between ?1 and ?2 and state = 1");
    }
    ~RawSqliteQueue() override {
        for (auto* one : {insert_, claim_, complete_}) sqlite3_finalize(one);
        sqlite3_close(db_);
    }
    RawSqliteQueue(const RawSqliteQueue&) = delete;
    RawSqliteQueue& operator=(const RawSqliteQueue&) = delete;

    void put(std::int64_t jobs) override {
        const auto text = payload();
        run("begin immediate");
        for (std::int64_t i = 0; i < jobs; ++i) {
            sqlite3_bind_int64(insert_, 1, ++last_);
            sqlite3_bind_text(insert_, 2, text.data(), static_cast<int>(text.size()),
                              SQLITE_STATIC);
            step(insert_, [](sqlite3_stmt*) {});
        }
        run("commit");
    }

    std::int64_t claim_and_complete(std::int64_t most) override {
        std::int64_t first = 0;
        std::int64_t last = 0;
        std::int64_t count = 0;
        sqlite3_bind_int64(claim_, 1, most);
        step(claim_, [&](sqlite3_stmt* row) {
            const std::int64_t id = sqlite3_column_int64(row, 0);
            first = first == 0 ? id : std::min(first, id);
            last = std::max(last, id);
            ++count;
        });
        sqlite3_bind_int64(complete_, 1, first);
        sqlite3_bind_int64(complete_, 2, last);
        step(complete_, [](sqlite3_stmt*) {});
        return count;
    }

  private:
    void check(int code) {
        if (code == SQLITE_OK || code == SQLITE_DONE) return;
        fmt::print(stderr, "SQLite: {}\n", sqlite3_errmsg(db_));
        std::exit(1);
    }
    void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
    sqlite3_stmt* compiled(const char* sql) {
        sqlite3_stmt* one = nullptr;
        check(sqlite3_prepare_v2(db_, sql, -1, &one, nullptr));
        return one;
    }
    void step(sqlite3_stmt* one, const std::function<void(sqlite3_stmt*)>& on_row) {
        int code = sqlite3_step(one);
        for (; code == SQLITE_ROW; code = sqlite3_step(one)) on_row(one);
        check(code);
        check(sqlite3_reset(one));
    }

    sqlite3* db_ = nullptr;
    sqlite3_stmt *insert_ = nullptr, *claim_ = nullptr, *complete_ = nullptr;
    std::int64_t last_ = 0;
};

class RawPostgresQueue final : public Queue {
  public:
    explicit RawPostgresQueue(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
        run(kRawTable);
        prepare("put",
                "insert into raw_jobs select $1::bigint + i, 0, $3 from generate_series(1, "
                "$2::bigint) i");
        prepare("claim",
                "with first as materialized (select id from raw_jobs where state = 0 order by id "
                "limit $1::bigint for update skip locked) update raw_jobs set state = 1 from first "
                "where raw_jobs.id = first.id returning raw_jobs.id, payload");
        prepare("complete",
                "delete from raw_jobs where id between $1::bigint and $2::bigint and state = 1");
    }
    ~RawPostgresQueue() override { PQfinish(connection_); }
    RawPostgresQueue(const RawPostgresQueue&) = delete;
    RawPostgresQueue& operator=(const RawPostgresQueue&) = delete;

    void put(std::int64_t jobs) override {
        PQclear(execute("put", {std::to_string(last_), std::to_string(jobs), payload()}));
        last_ += jobs;
    }

    std::int64_t claim_and_complete(std::int64_t most) override {
        auto* rows = execute("claim", {std::to_string(most)});
        const auto count = PQntuples(rows);
        std::int64_t first = 0;
        std::int64_t last = 0;
        for (int i = 0; i < count; ++i) {
            const std::int64_t id = std::atoll(PQgetvalue(rows, i, 0));
            first = first == 0 ? id : std::min(first, id);
            last = std::max(last, id);
        }
        PQclear(rows);
        PQclear(execute("complete", {std::to_string(first), std::to_string(last)}));
        return count;
    }

  private:
    PGresult* good(PGresult* result) {
        const auto status = PQresultStatus(result);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
        fmt::print(stderr, "PostgreSQL: {}\n", PQerrorMessage(connection_));
        std::exit(1);
    }
    void run(const char* sql) { PQclear(good(PQexec(connection_, sql))); }
    void prepare(const char* name, const char* sql) {
        PQclear(good(PQprepare(connection_, name, sql, 0, nullptr)));
    }
    PGresult* execute(const char* name, const std::vector<std::string>& values) {
        std::vector<const char*> texts;
        for (const auto& value : values) texts.push_back(value.c_str());
        return good(PQexecPrepared(connection_, name, static_cast<int>(texts.size()), texts.data(),
                                   nullptr, nullptr, 0));
    }

    PGconn* connection_;
    std::int64_t last_ = 0;
};

std::unique_ptr<Queue> open(const Options& options) {
    constexpr std::string_view kSqlite = "sqlite:";
    if (options.side == "ours") return std::make_unique<OurQueue>(options.url);
    if (!options.url.starts_with(kSqlite)) return std::make_unique<RawPostgresQueue>(options.url);
    return std::make_unique<RawSqliteQueue>(options.url.substr(kSqlite.size()));
}

// What fills the queue again is not measured.
void run(const Options& options) {
    const auto queue = open(options);
    std::vector<std::int64_t> took_us;
    std::int64_t measured_us = 0;
    std::int64_t left = 0;
    while (measured_us < options.seconds * 1'000'000) {
        if (options.work == "drain" && left < options.batch) {
            for (; left < kFilled; left += kFillBatch) queue->put(kFillBatch);
        }
        const auto begun = steady_us();
        auto jobs = options.batch;
        if (options.work == "drain") {
            jobs = queue->claim_and_complete(options.batch);
            left -= jobs;
        } else {
            queue->put(options.batch);
        }
        const auto took = steady_us() - begun;
        measured_us += took;
        took_us.insert(took_us.end(), static_cast<std::size_t>(jobs), took);
    }
    print_measured(took_us, measured_us);
}

}  // namespace
}  // namespace hw::bench

int main(int argc, char** argv) try {
    CLI::App app("Puts jobs into a queue, or claims and completes them, on one thread.");
    hw::bench::Options options;
    app.add_option("--database", options.url, "sqlite:PATH or postgres://...")->required();
    app.add_option("--side", options.side)->check(CLI::IsMember({"ours", "raw"}));
    app.add_option("--work", options.work)->check(CLI::IsMember({"drain", "enqueue"}));
    app.add_option("--seconds", options.seconds)->capture_default_str();
    app.add_option("--batch", options.batch, "Jobs of one commit")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    hw::bench::run(options);
    return 0;
} catch (const std::exception& failed) {
    std::fputs(failed.what(), stderr);
    return 1;
}
