// SPDX-License-Identifier: Apache-2.0
// How many sales one thread books on one SQLite connection with nothing around the statements:
// a savepoint each, `--group` of them per durable commit.
#include <fmt/format.h>
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <initializer_list>
#include <span>

#include "bench/raw_sale.hpp"

namespace hw::bench {
namespace {

void check(sqlite3* db, int code, std::string_view what) {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    fmt::print(stderr, "SQLite: {}: {}\n", what, sqlite3_errmsg(db));
    std::exit(1);
}

class SqliteDatabase {
  public:
    explicit SqliteDatabase(const std::string& path) {
        check(db_,
              sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE,
                              nullptr),
              path);
        // Cache and checkpoint threshold are the server's; its checkpoints run on another thread.
        const auto* settings =
            "pragma journal_mode=wal; pragma synchronous=full; pragma wal_autocheckpoint=2000;"
            "pragma temp_store=memory; pragma cache_size=-32768";
        check(db_, sqlite3_exec(db_, settings, nullptr, nullptr, nullptr), "settings");
    }
    ~SqliteDatabase() {
        for (const auto& one : statements_) sqlite3_finalize(one.handle);
        for (auto* one : {begin_, commit_, savepoint_, release_}) sqlite3_finalize(one);
        sqlite3_close(db_);
    }
    SqliteDatabase(const SqliteDatabase&) = delete;
    SqliteDatabase& operator=(const SqliteDatabase&) = delete;

    void begin() { control(begin_, "begin immediate"); }
    void commit() { control(commit_, "commit"); }
    void savepoint() { control(savepoint_, "savepoint use_case"); }
    void release() { control(release_, "release use_case"); }

    void send(const Query& query, std::initializer_list<Param> params) {
        auto* one = bound(query, params);
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW) code = sqlite3_step(one);
        check(db_, code, query.name());
        sqlite3_reset(one);
    }

    void ask(const Query& query, std::initializer_list<Param> params, FirstRow& row) {
        auto* one = bound(query, params);
        row.clear();
        int code = sqlite3_step(one);
        const int columns = code == SQLITE_ROW ? sqlite3_column_count(one) : 0;
        for (int i = 0; i < columns; ++i) {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(one, i));
            row.emplace_back(text == nullptr ? "" : text);
        }
        while (code == SQLITE_ROW) code = sqlite3_step(one);
        check(db_, code, query.name());
        sqlite3_reset(one);
    }

    void wait() {}  // every row is there at once
    SaleRows& rows() { return rows_; }

  private:
    sqlite3_stmt* compiled(std::string_view sql) {
        sqlite3_stmt* one = nullptr;
        check(db_,
              sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &one, nullptr),
              sql);
        return one;
    }

    void control(sqlite3_stmt*& one, std::string_view sql) {
        if (one == nullptr) one = compiled(sql);
        check(db_, sqlite3_step(one), sql);
        sqlite3_reset(one);
    }

    // SQLite numbers parameters by first appearance, so $1..$n are looked up once by name.
    struct Statement {
        sqlite3_stmt* handle = nullptr;
        std::vector<int> positions;
    };

    sqlite3_stmt* bound(const Query& query, std::span<const Param> params) {
        if (query.index() >= statements_.size()) statements_.resize(query.index() + 1);
        auto& one = statements_[query.index()];
        if (one.handle == nullptr) one = prepared(query, params.size());
        for (std::size_t i = 0; i < params.size(); ++i) {
            bind(one.handle, one.positions[i], params[i]);
        }
        return one.handle;
    }

    Statement prepared(const Query& query, std::size_t params) {
        Statement one{compiled(query.sql(EngineKind::Sqlite)), {}};
        if (sqlite3_bind_parameter_count(one.handle) != static_cast<int>(params)) {
            fmt::print(stderr, "statement {} takes other parameters now\n", query.name());
            std::exit(2);
        }
        for (std::size_t i = 1; i <= params; ++i) {
            const auto name = fmt::format("${}", i);
            one.positions.push_back(sqlite3_bind_parameter_index(one.handle, name.c_str()));
        }
        return one;
    }

    static void bind(sqlite3_stmt* one, int at, const Param& param) {
        const auto& value = param.value();
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            sqlite3_bind_int64(one, at, *number);
        } else if (const auto* text = std::get_if<std::string_view>(&value)) {
            sqlite3_bind_text(one, at, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
        } else {
            sqlite3_bind_null(one, at);
        }
    }

    sqlite3* db_ = nullptr;
    sqlite3_stmt *begin_ = nullptr, *commit_ = nullptr, *savepoint_ = nullptr, *release_ = nullptr;
    std::vector<Statement> statements_;
    SaleRows rows_;
};

struct Options {
    std::string path;
    std::int64_t seconds = 10;
    std::uint64_t customers = 10'000;
    std::uint64_t seed = 1;
    int group = 64;
};

void run(const Options& options) {
    SqliteDatabase db(options.path);
    const SaleStatements sql;
    Sales sales(options.seed, options.customers);
    SaleCounts counts;
    std::vector<std::int64_t> took_us;
    took_us.reserve(1'000'000);
    const auto started = steady_us();
    while (steady_us() - started < options.seconds * 1'000'000) {
        const auto begun = steady_us();
        db.begin();
        for (int i = 0; i < options.group; ++i) {
            db.savepoint();
            record_sale(db, sql, sales.next(), counts);
            db.release();
        }
        flush_counts(db, sql, counts, 0);
        db.commit();
        const auto took = steady_us() - begun;
        took_us.insert(took_us.end(), static_cast<std::size_t>(options.group), took);
    }
    print_measured(took_us, steady_us() - started);
}

}  // namespace
}  // namespace hw::bench

int main(int argc, char** argv) try {
    CLI::App app("Books sales with bare statements on one SQLite connection.");
    hw::bench::Options options;
    app.add_option("--database", options.path, "SQLite file with the customers")->required();
    app.add_option("--seconds", options.seconds)->capture_default_str();
    app.add_option("--customers", options.customers)->capture_default_str();
    app.add_option("--seed", options.seed, "Makes invoices unique")->capture_default_str();
    app.add_option("--group", options.group, "Sales per commit")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    hw::bench::run(options);
    return 0;
} catch (const std::exception& failed) {
    std::fputs(failed.what(), stderr);
    return 1;
}
