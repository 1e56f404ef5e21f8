// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <cerrno>
#include <vector>

#include "base/fault.hpp"

namespace hw {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

FaultKind fault_kind(sqlite3* db, int code) {
    switch (code & 0xFF) {
        case SQLITE_FULL:
            return FaultKind::Full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return FaultKind::Retryable;
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
            return FaultKind::Lost;
        case SQLITE_NOTADB:
            return FaultKind::Incompatible;
        case SQLITE_CORRUPT:
            return FaultKind::Broken;
        case SQLITE_IOERR:
            return sqlite3_system_errno(db) == ENOSPC || code == SQLITE_IOERR_SHMSIZE
                       ? FaultKind::Full
                       : FaultKind::Broken;
        default:
            return FaultKind::Bug;
    }
}

class SqliteRow : public Row {
  public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

    bool is_null(int column) const override {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    std::int64_t int64(int column) const override {
        return sqlite3_column_int64(statement_, column);
    }
    std::string_view view(int column) const override {
        const auto* text = sqlite3_column_text(statement_, column);
        if (text == nullptr) return {};
        return {reinterpret_cast<const char*>(text),
                static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }
    std::string bytes(int column) const override {
        const auto* blob = static_cast<const char*>(sqlite3_column_blob(statement_, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
        return blob == nullptr ? std::string{} : std::string(blob, size);
    }

  private:
    sqlite3_stmt* statement_;
};

// A compiled statement and where each of $1..$n stands in it: SQLite numbers parameters by first
// appearance, so "$2" seen first would otherwise get index 1.
struct Statement {
    sqlite3_stmt* handle = nullptr;
    std::vector<int> positions;
};

class Sqlite final : public SqliteConnection {
  public:
    Sqlite(const std::string& path, Access access) {
        const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI |
                          (access == Access::ReadOnly ? SQLITE_OPEN_READONLY
                                                      : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        const int code = sqlite3_open_v2(path.c_str(), &db_, flags, nullptr);
        if (code != SQLITE_OK) {
            const std::string why = db_ == nullptr ? "out of memory" : sqlite3_errmsg(db_);
            sqlite3_close(db_);
            throw Fault(FaultKind::Lost,
                        fmt::format("cannot open the SQLite file {}: {}", path, why));
        }
        sqlite3_extended_result_codes(db_, 1);
        sqlite3_busy_timeout(db_, kBusyTimeoutMs);
        configure(access);
    }

    ~Sqlite() override {
        for (const auto& statement : statements_) sqlite3_finalize(statement.handle);
        for (auto* control : controls_) sqlite3_finalize(control);
        sqlite3_close(db_);
    }

    Sqlite(const Sqlite&) = delete;
    Sqlite& operator=(const Sqlite&) = delete;

    EngineKind engine() const override { return EngineKind::Sqlite; }
    sqlite3* handle() override { return db_; }
    std::int64_t wal_pages() const override { return wal_pages_; }

    void begin(std::string_view) override { step(kBegin); }
    void commit() override { step(kCommit); }
    void rollback() override {
        if (sqlite3_get_autocommit(db_) == 0) step(kRollback);
    }
    void savepoint() override { step(kSavepoint); }
    void release_savepoint() override { step(kRelease); }
    void rollback_to_savepoint() override {
        step(kRollbackTo);
        step(kRelease);
    }

    void exec(const Query& query, std::span<const Param> params) override {
        step_all(query, params, [](const Row&) {});
    }

    void query(const Query& query, std::span<const Param> params,
               FunctionRef<void(const Row&)> on_row) override {
        step_all(query, params, on_row);
    }

    void run_script(std::string_view sql) override { run(std::string(sql).c_str()); }

    void prepare(const Query& query) override { compiled(query); }

    std::string explain(const Query& query) override {
        sqlite3_stmt* statement = nullptr;
        const auto sql = fmt::format("explain query plan {}", query.sql(engine()));
        check(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr), query.name());
        std::string plan;
        while (sqlite3_step(statement) == SQLITE_ROW) {
            plan += SqliteRow(statement).text(3) + "\n";
        }
        sqlite3_finalize(statement);
        return plan;
    }

  private:
    void configure(Access access) {
        if (access == Access::ReadWrite) {
            // Checkpoints run on their own thread (sqlite_engine.cpp): inline they are the p99.
            run("pragma journal_mode=wal; pragma synchronous=full; pragma wal_autocheckpoint=0;"
                "pragma foreign_keys=off; pragma temp_store=memory");
            sqlite3_wal_hook(
                db_,
                [](void* self, sqlite3*, const char*, int pages) {
                    static_cast<Sqlite*>(self)->wal_pages_ = pages;
                    return SQLITE_OK;
                },
                this);
        } else {
            run("pragma query_only=on; pragma temp_store=memory");
        }
        run("pragma cache_size=-32768; pragma mmap_size=0");
        const std::array<const char*, kControls> texts{
            access == Access::ReadWrite ? "begin immediate" : "begin",
            "commit",
            "rollback",
            "savepoint use_case",
            "release use_case",
            "rollback to use_case"};
        for (std::size_t i = 0; i < kControls; ++i) {
            check(sqlite3_prepare_v3(db_, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &controls_[i],
                                     nullptr),
                  texts[i]);
        }
    }

    // Transaction control, compiled once: a group commit runs these for every use case.
    enum Control : std::size_t {
        kBegin,
        kCommit,
        kRollback,
        kSavepoint,
        kRelease,
        kRollbackTo,
        kControls
    };

    void step(Control control) {
        auto* statement = controls_[control];
        const int code = sqlite3_step(statement);
        sqlite3_reset(statement);
        check(code, sqlite3_sql(statement));
    }

    void check(int code, std::string_view what) {
        if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
        throw Fault(fault_kind(db_, code),
                    fmt::format("SQLite: {}: {} (code {})", what, sqlite3_errmsg(db_), code));
    }

    void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), sql); }

    Statement& compiled(const Query& query) {
        if (query.index() >= statements_.size()) statements_.resize(query.index() + 1);
        auto& statement = statements_[query.index()];
        if (statement.handle != nullptr) return statement;
        const auto sql = query.sql(EngineKind::Sqlite);
        check(sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &statement.handle, nullptr),
              query.name());
        const int count = sqlite3_bind_parameter_count(statement.handle);
        statement.positions.assign(static_cast<std::size_t>(count), 0);
        for (int i = 1; i <= count; ++i) {
            const int position =
                sqlite3_bind_parameter_index(statement.handle, fmt::format("${}", i).c_str());
            HW_ASSERT(position > 0);
            statement.positions[static_cast<std::size_t>(i - 1)] = position;
        }
        return statement;
    }

    void bind(const Statement& statement, std::span<const Param> params, const Query& query) {
        HW_ASSERT(params.size() == statement.positions.size());
        for (std::size_t i = 0; i < params.size(); ++i) {
            const int at = statement.positions[i];
            const auto& value = params[i].value();
            int code = SQLITE_OK;
            if (const auto* number = std::get_if<std::int64_t>(&value)) {
                code = sqlite3_bind_int64(statement.handle, at, *number);
            } else if (const auto* text = std::get_if<std::string_view>(&value)) {
                code = sqlite3_bind_text64(statement.handle, at, text->data() ? text->data() : "",
                                           text->size(), SQLITE_STATIC, SQLITE_UTF8);
            } else if (const auto* blob = std::get_if<Param::Bytes>(&value)) {
                code = sqlite3_bind_blob64(statement.handle, at, blob->bytes.data(),
                                           blob->bytes.size(), SQLITE_STATIC);
            } else {
                code = sqlite3_bind_null(statement.handle, at);
            }
            check(code, query.name());
        }
    }

    void step_all(const Query& query, std::span<const Param> params,
                  FunctionRef<void(const Row&)> on_row) {
        auto* handle = compiled(query).handle;
        // The vector may grow inside on_row, so the entry is looked up again, not kept.
        bind(statements_[query.index()], params, query);
        struct Reset {
            sqlite3_stmt* statement;
            ~Reset() { sqlite3_reset(statement); }
        } reset{handle};
        int code = SQLITE_ROW;
        while ((code = sqlite3_step(handle)) == SQLITE_ROW) on_row(SqliteRow(handle));
        check(code, query.name());
    }

    sqlite3* db_ = nullptr;
    std::int64_t wal_pages_ = 0;
    std::array<sqlite3_stmt*, kControls> controls_{};
    std::vector<Statement> statements_;
};

}  // namespace

std::unique_ptr<SqliteConnection> connect_sqlite(const std::string& path, Access access) {
    return std::make_unique<Sqlite>(path, access);
}

}  // namespace hw
