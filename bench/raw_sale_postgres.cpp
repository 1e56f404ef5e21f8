// SPDX-License-Identifier: Apache-2.0
// How many sales a few PostgreSQL connections book in pipeline mode with nothing around the
// statements: one transaction each, and a round trip only where a statement needs what another one
// found.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <future>
#include <initializer_list>
#include <span>

#include "bench/raw_sale.hpp"

namespace hw::bench {
namespace {

class PostgresDatabase {
  public:
    explicit PostgresDatabase(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
        if (PQstatus(connection_) != CONNECTION_OK) stop("connect");
        // The server works as this role, which Row Level Security binds.
        PQclear(PQexec(connection_, "set role headwater_app"));
        if (PQenterPipelineMode(connection_) != 1) stop("pipeline mode");
    }
    ~PostgresDatabase() { PQfinish(connection_); }
    PostgresDatabase(const PostgresDatabase&) = delete;
    PostgresDatabase& operator=(const PostgresDatabase&) = delete;

    void begin() {
        send_text("begin", {});
        send_text("select set_config('headwater.workspace_id', $1, true)", {kWorkspace});
    }
    void commit() {
        send_text("commit", {});
        if (PQpipelineSync(connection_) != 1) stop("sync");
        wait();
        PQclear(PQgetResult(connection_));  // of the sync itself
    }

    void send(const Query& query, std::initializer_list<Param> params) {
        send_prepared(query, params, nullptr);
    }
    void ask(const Query& query, std::initializer_list<Param> params, FirstRow& row) {
        row.clear();
        send_prepared(query, params, &row);
    }

    void wait() {
        if (PQsendFlushRequest(connection_) != 1 || PQflush(connection_) < 0) stop("flush");
        for (auto* row : waiting_) take_result(row);
        waiting_.clear();
    }

    SaleRows& rows() { return rows_; }

  private:
    // libpq wants text; numbers are written into `numbers_`, which keeps its memory.
    void bind(std::span<const Param> params) {
        texts_.resize(std::max(texts_.size(), params.size()));
        values_.clear();
        for (std::size_t i = 0; i < params.size(); ++i) {
            const auto& value = params[i].value();
            if (const auto* number = std::get_if<std::int64_t>(&value)) {
                texts_[i] = std::to_string(*number);
            } else if (const auto* text = std::get_if<std::string_view>(&value)) {
                texts_[i] = *text;
            } else {
                values_.push_back(nullptr);
                continue;
            }
            values_.push_back(texts_[i].c_str());
        }
    }

    void send_text(const char* sql, std::initializer_list<Param> params) {
        bind(params);
        if (PQsendQueryParams(connection_, sql, static_cast<int>(params.size()), nullptr,
                              values_.data(), nullptr, nullptr, 0) != 1) {
            stop(sql);
        }
        waiting_.push_back(nullptr);
    }

    void send_prepared(const Query& query, std::span<const Param> params, FirstRow* row) {
        if (query.index() >= names_.size()) names_.resize(query.index() + 1);
        auto& name = names_[query.index()];
        if (name.empty()) {
            name = query.name();
            const std::string sql(query.sql(EngineKind::Postgres));
            if (PQsendPrepare(connection_, name.c_str(), sql.c_str(), 0, nullptr) != 1) stop(name);
            waiting_.push_back(nullptr);
        }
        bind(params);
        if (PQsendQueryPrepared(connection_, name.c_str(), static_cast<int>(params.size()),
                                values_.data(), nullptr, nullptr, 0) != 1) {
            stop(name);
        }
        waiting_.push_back(row);
    }

    void take_result(FirstRow* row) {
        auto* result = PQgetResult(connection_);
        const auto status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) stop("statement");
        if (row != nullptr && PQntuples(result) > 0) {
            for (int i = 0; i < PQnfields(result); ++i) row->emplace_back(PQgetvalue(result, 0, i));
        }
        PQclear(result);
        PQclear(PQgetResult(connection_));  // a null ends each statement
    }

    [[noreturn]] void stop(std::string_view what) {
        fmt::print(stderr, "PostgreSQL: {}: {}\n", what, PQerrorMessage(connection_));
        std::_Exit(1);
    }

    PGconn* connection_;
    std::vector<std::string> names_;  // by Query::index(); empty: not prepared
    std::vector<FirstRow*> waiting_;  // where the row of each statement on its way goes
    std::vector<std::string> texts_;
    std::vector<const char*> values_;
    SaleRows rows_;
};

struct Options {
    std::string url;
    std::int64_t seconds = 10;
    std::uint64_t customers = 10'000;
    std::uint64_t seed = 1;
    int connections = 8;
};

// One connection's share. Transactions that the server aborts would end the program: the slots and
// distinct invoices leave no two of them a row to fight for.
std::vector<std::int64_t> book(const Options& options, int slot, std::int64_t started) {
    PostgresDatabase db(options.url);
    const SaleStatements sql;
    Sales sales(options.seed * 1'000 + static_cast<std::uint64_t>(slot), options.customers);
    SaleCounts counts;
    std::vector<std::int64_t> took_us;
    while (steady_us() - started < options.seconds * 1'000'000) {
        const auto begun = steady_us();
        db.begin();
        record_sale(db, sql, sales.next(), counts);
        flush_counts(db, sql, counts, slot);
        db.commit();
        took_us.push_back(steady_us() - begun);
    }
    return took_us;
}

void run(const Options& options) {
    using Taken = std::vector<std::int64_t>;
    const auto started = steady_us();
    std::vector<std::future<Taken>> shares;
    for (int slot = 1; slot <= options.connections; ++slot) {
        shares.push_back(std::async(std::launch::async, book, options, slot, started));
    }
    Taken all;
    for (auto& share : shares) {
        const auto took = share.get();
        all.insert(all.end(), took.begin(), took.end());
    }
    print_measured(all, steady_us() - started);
}

}  // namespace
}  // namespace hw::bench

int main(int argc, char** argv) try {
    CLI::App app("Books sales with bare statements on PostgreSQL in pipeline mode.");
    hw::bench::Options options;
    app.add_option("--database", options.url, "postgres://... with the customers")->required();
    app.add_option("--seconds", options.seconds)->capture_default_str();
    app.add_option("--customers", options.customers)->capture_default_str();
    app.add_option("--seed", options.seed, "Makes invoices unique")->capture_default_str();
    app.add_option("--connections", options.connections)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    hw::bench::run(options);
    return 0;
} catch (const std::exception& failed) {
    std::fputs(failed.what(), stderr);
    return 1;
}
