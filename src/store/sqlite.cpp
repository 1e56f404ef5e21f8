// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "base/fault.hpp"

namespace hw {
namespace {

constexpr int kBusyTimeoutMs = 10'000;
// How much of the log's file is kept when it starts over, see kRestartPages in
// sqlite_checkpointer.cpp.
constexpr std::string_view kKeepLogBytes = "268435456";

bool is_space_errno(int error) {
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

FaultKind fault_kind(sqlite3* db, int code, Access access) {
    if (code == SQLITE_IOERR_NOMEM) return FaultKind::Bug;
    // A statement that writes was run by a reader. Otherwise the file or its folder is read-only.
    if (code == SQLITE_READONLY && access == Access::ReadOnly) return FaultKind::Bug;
    switch (code & 0xFF) {
        case SQLITE_FULL:
            return FaultKind::Full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:  // a lock that others kept taking first
            return FaultKind::Retryable;
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
            return FaultKind::Lost;
        case SQLITE_NOTADB:
            return FaultKind::Incompatible;
        case SQLITE_CORRUPT:
            return FaultKind::Broken;
        case SQLITE_IOERR:
            return is_space_errno(sqlite3_system_errno(db)) || code == SQLITE_IOERR_SHMSIZE
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
        HW_ASSERT(sqlite3_column_type(statement_, column) == SQLITE_INTEGER);
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

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using OwnStatement = std::unique_ptr<sqlite3_stmt, Finalize>;

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
};

class Log final : public SqliteLog {
  public:
    explicit Log(sqlite3_file* file) : file_(file) {}

    // The file's own method, as SQLite calls it after a commit with synchronous=FULL. It uses
    // nothing of the connection.
    void sync() override {
        const int code = file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL);
        if (code == SQLITE_OK) return;
        throw Fault(FaultKind::Broken, fmt::format("SQLite: sync of the log: {} (code {})",
                                                   sqlite3_errstr(code), code));
    }

    // Zeros behind the last frame are no frames. On a full disk the log stays as it is. SQLite's
    // files take less than 128 KB at once: of more they write what the low 17 bits of the size say.
    void lengthen(std::int64_t bytes) {
        static const std::string zeros(65'536, '\0');
        sqlite3_int64 size = 0;
        if (file_->pMethods->xFileSize(file_, &size) != SQLITE_OK) return;
        while (size < bytes) {
            const auto some = std::min<std::int64_t>(std::ssize(zeros), bytes - size);
            const int written =
                file_->pMethods->xWrite(file_, zeros.data(), static_cast<int>(some), size);
            if (written != SQLITE_OK) return;
            size += some;
        }
    }

  private:
    sqlite3_file* file_;
};

// A compiled statement and where each of $1..$n stands in it: SQLite numbers parameters by first
// appearance, so "$2" seen first would otherwise get index 1.
struct Statement {
    OwnStatement handle;
    std::vector<int> positions;
};

class Sqlite final : public SqliteConnection {
  public:
    Sqlite(const std::string& path, Access access) : access_(access) {
        const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI |
                          (access == Access::ReadOnly ? SQLITE_OPEN_READONLY
                                                      : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        const int code = sqlite3_open_v2(path.c_str(), &db_, flags, nullptr);
        owner_.reset(db_);
        if (code != SQLITE_OK) {
            const std::string why = db_ == nullptr ? "out of memory" : sqlite3_errmsg(db_);
            throw Fault(FaultKind::Lost,
                        fmt::format("cannot open the SQLite file {}: {}", path, why));
        }
        sqlite3_extended_result_codes(db_, 1);
        sqlite3_busy_timeout(db_, kBusyTimeoutMs);
        configure();
    }

    EngineKind engine() const override { return EngineKind::Sqlite; }
    std::int64_t wal_pages() const override { return wal_pages_; }

    bool checkpoint(int wait_ms) override {
        sqlite3_busy_timeout(db_, wait_ms);
        const int mode = wait_ms == 0 ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART;
        const int code = sqlite3_wal_checkpoint_v2(db_, nullptr, mode, nullptr, nullptr);
        sqlite3_busy_timeout(db_, kBusyTimeoutMs);
        if ((code & 0xFF) == SQLITE_BUSY) return false;
        check(code, "checkpoint");
        return true;
    }

    std::unique_ptr<SqliteLog> take_log(std::int64_t bytes) override {
        run_all("pragma synchronous=normal; begin; select 1 from sqlite_schema; rollback");
        sqlite3_file* file = nullptr;
        check(sqlite3_file_control(db_, "main", SQLITE_FCNTL_JOURNAL_POINTER,
                                   static_cast<void*>(&file)),
              "log");
        HW_ASSERT(file != nullptr && file->pMethods != nullptr);
        auto log = std::make_unique<Log>(file);
        log->lengthen(bytes);
        log->sync();  // the first one also syncs the folder
        return log;
    }

    void begin(std::string_view) override { step(Control::Begin); }
    void commit() override { step(Control::Commit); }
    void rollback() override {
        if (sqlite3_get_autocommit(db_) == 0) step(Control::Rollback);
    }
    void savepoint() override { step(Control::Savepoint); }
    void release_savepoint() override { step(Control::Release); }
    void rollback_to_savepoint() override {
        step(Control::RollbackTo);
        step(Control::Release);
    }

    void exec(const Query& query, std::span<const Param> params) override {
        run(compiled(query), query.name(), params, [](const Row&) {});
    }

    void query(const Query& query, std::span<const Param> params,
               FunctionRef<void(const Row&)> on_row) override {
        run(compiled(query), query.name(), params, on_row);
    }

    void stream(std::string_view sql, FunctionRef<void(const Row&)> on_row) override {
        const auto statement = compile(sql, sql);
        run(statement, sql, {}, on_row);
    }

    void exec_text(std::string_view sql, std::span<const Param> params) override {
        if (sql != text_sql_) {
            text_ = compile(sql, sql);
            text_sql_ = sql;
        }
        run(text_, sql, params, [](const Row&) {});
    }

    void run_script(std::string_view sql) override { run_all(std::string(sql)); }

    void prepare(const Query& query) override { compiled(query); }

    std::string explain(const Query& query) override {
        const auto statement =
            compile(fmt::format("explain query plan {}", query.sql(engine())), query.name());
        const std::vector<Param> nulls(statement.positions.size(), Param(std::nullopt));
        std::string plan;
        run(statement, query.name(), nulls, [&](const Row& row) { plan += row.text(3) + "\n"; });
        return plan;
    }

  private:
    void configure() {
        if (access_ == Access::ReadWrite) {
            // Checkpoints run on their own thread (sqlite_engine.cpp): inline they are the p99.
            switch_to_wal();
            run_all(
                "pragma synchronous=full; pragma temp_store=memory;"
                "pragma foreign_keys=off; pragma wal_autocheckpoint=0;"
                "pragma journal_size_limit=" +
                std::string(kKeepLogBytes));
            sqlite3_wal_hook(
                db_,
                [](void* self, sqlite3*, const char*, int pages) {
                    static_cast<Sqlite*>(self)->wal_pages_ = pages;
                    return SQLITE_OK;
                },
                this);
        } else {
            run_all("pragma query_only=on; pragma temp_store=memory");
        }
        run_all("pragma cache_size=-32768; pragma mmap_size=0");
        const std::array<const char*, kControls> texts{
            access_ == Access::ReadWrite ? "begin immediate" : "begin",
            "commit",
            "rollback",
            "savepoint use_case",
            "release use_case",
            "rollback to use_case"};
        for (std::size_t i = 0; i < kControls; ++i) {
            controls_[i] = compile(texts[i], texts[i]).handle;
        }
    }

    // Of processes that open a new file together one switches; the others find it locked, and
    // SQLite does not call its busy handler for this lock.
    void switch_to_wal() {
        constexpr int kPauseMs = 10;
        int code = SQLITE_BUSY;
        for (int waited_ms = 0; waited_ms < kBusyTimeoutMs; waited_ms += kPauseMs) {
            code = sqlite3_exec(db_, "pragma journal_mode=wal", nullptr, nullptr, nullptr);
            if ((code & 0xFF) != SQLITE_BUSY) break;
            sqlite3_sleep(kPauseMs);
        }
        check(code, "journal_mode=wal");
    }

    // Transaction control, compiled once: a group commit runs these for every use case.
    enum class Control : std::uint8_t { Begin, Commit, Rollback, Savepoint, Release, RollbackTo };
    static constexpr std::size_t kControls = 6;

    void step(Control control) {
        auto* statement = controls_[static_cast<std::size_t>(control)].get();
        const int code = sqlite3_step(statement);
        sqlite3_reset(statement);
        check(code, sqlite3_sql(statement));
    }

    void check(int code, std::string_view what) {
        if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
        throw Fault(fault_kind(db_, code, access_),
                    fmt::format("SQLite: {}: {} (code {})", what, sqlite3_errmsg(db_), code));
    }

    void run_all(const std::string& sql) {
        check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr), sql);
    }

    Statement compile(std::string_view sql, std::string_view what) {
        Statement statement;
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &made, nullptr),
              what);
        HW_ASSERT(made != nullptr);
        statement.handle.reset(made);
        const int count = sqlite3_bind_parameter_count(made);
        for (int i = 1; i <= count; ++i) {
            const int position = sqlite3_bind_parameter_index(made, fmt::format("${}", i).c_str());
            HW_ASSERT(position > 0);
            statement.positions.push_back(position);
        }
        return statement;
    }

    // Kept by pointer: `on_row` may run other statements, which makes the vector grow.
    const Statement& compiled(const Query& query) {
        if (query.index() >= statements_.size()) statements_.resize(query.index() + 1);
        auto& statement = statements_[query.index()];
        if (!statement) {
            statement =
                std::make_unique<Statement>(compile(query.sql(EngineKind::Sqlite), query.name()));
        }
        return *statement;
    }

    int bind_one(sqlite3_stmt* statement, int at, const Param& param) {
        const auto& value = param.value();
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            return sqlite3_bind_int64(statement, at, *number);
        }
        // A null pointer would be bound as null.
        if (const auto* text = std::get_if<std::string_view>(&value)) {
            check_text(*text);
            return sqlite3_bind_text64(statement, at, text->empty() ? "" : text->data(),
                                       text->size(), SQLITE_STATIC, SQLITE_UTF8);
        }
        if (const auto* blob = std::get_if<Param::Bytes>(&value)) {
            return sqlite3_bind_blob64(statement, at, blob->bytes.empty() ? "" : blob->bytes.data(),
                                       blob->bytes.size(), SQLITE_STATIC);
        }
        return sqlite3_bind_null(statement, at);
    }

    void run(const Statement& statement, std::string_view what, std::span<const Param> params,
             FunctionRef<void(const Row&)> on_row) {
        HW_ASSERT(params.size() == statement.positions.size());
        auto* handle = statement.handle.get();
        HW_ASSERT(sqlite3_stmt_busy(handle) == 0);
        struct Reset {
            sqlite3_stmt* statement;
            ~Reset() {
                sqlite3_reset(statement);
                sqlite3_clear_bindings(statement);
            }
        } const reset{handle};
        for (std::size_t i = 0; i < params.size(); ++i) {
            check(bind_one(handle, statement.positions[i], params[i]), what);
        }
        int code = SQLITE_ROW;
        while ((code = sqlite3_step(handle)) == SQLITE_ROW) on_row(SqliteRow(handle));
        check(code, what);
    }

    std::unique_ptr<sqlite3, Close> owner_;
    sqlite3* db_ = nullptr;
    const Access access_;
    std::int64_t wal_pages_ = 0;
    std::array<OwnStatement, kControls> controls_;
    std::vector<std::unique_ptr<Statement>> statements_;  // by Query::index()
    Statement text_;                                      // of exec_text()
    std::string text_sql_;
};

}  // namespace

std::unique_ptr<SqliteConnection> connect_sqlite(const std::string& path, Access access) {
    return std::make_unique<Sqlite>(path, access);
}

}  // namespace hw
