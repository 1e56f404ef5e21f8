// SPDX-License-Identifier: Apache-2.0
#include "store/postgres.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "base/fault.hpp"

namespace hw {
namespace {

// Where the login may not take the role, the forced policies bind the owner all the same. A commit
// that returned must be on disk, whatever the database's default is.
constexpr std::string_view kTakeRole =
    "do $$ begin "
    "if current_setting('synchronous_commit') = 'off' then set synchronous_commit = on; end if; "
    "if exists (select from pg_roles where rolname = 'headwater_app' and "
    "pg_has_role(current_user, oid, 'member')) then set role headwater_app; end if; "
    "exception when insufficient_privilege then null; end $$";

using PgResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

PgResult owned(PGresult* result) {
    return {result, &PQclear};
}

bool succeeded(const PgResult& result) {
    const auto status = PQresultStatus(result.get());
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

FaultKind fault_kind(std::string_view state, Access access) {
    if (state == "40001" || state == "40P01" || state == "55P03") return FaultKind::Retryable;
    // Inserts that expect a row of the same key say "on conflict". Where one clashes all the same,
    // another transaction has just inserted it: run again, this one sees it.
    if (state == "23505") return FaultKind::Retryable;
    if (state == "53100") return FaultKind::Full;
    if (state.starts_with("08") || state.starts_with("57") || state.starts_with("53")) {
        return FaultKind::Lost;
    }
    // The server's own I/O error; idle for too long; a statement that a pooler between us dropped.
    if (state.starts_with("58") || state == "25P03" || state == "26000") return FaultKind::Lost;
    // After a failover the server at the other end may have become a standby.
    if (state == "25006" && access == Access::ReadWrite) return FaultKind::Lost;
    return FaultKind::Bug;
}

class PgRow : public Row {
  public:
    PgRow(const PGresult* result, int row) : result_(result), row_(row) {}

    bool is_null(int column) const override { return PQgetisnull(result_, row_, column) != 0; }
    std::int64_t int64(int column) const override {
        const auto text = view(column);
        std::int64_t value = 0;
        const auto read = std::from_chars(text.begin(), text.end(), value);
        HW_ASSERT(read.ec == std::errc{} && read.ptr == text.end());
        return value;
    }
    std::string_view view(int column) const override {
        return {PQgetvalue(result_, row_, column),
                static_cast<std::size_t>(PQgetlength(result_, row_, column))};
    }
    std::string bytes(int column) const override {
        std::size_t size = 0;
        auto* raw = PQunescapeBytea(
            reinterpret_cast<const unsigned char*>(PQgetvalue(result_, row_, column)), &size);
        HW_ASSERT(raw != nullptr);
        std::string out(reinterpret_cast<const char*>(raw), size);
        PQfreemem(raw);
        return out;
    }

  private:
    const PGresult* result_;
    int row_;
};

// Parameters in libpq's form: text for all but bytes. Owns the text that numbers need.
struct BoundParams {
    explicit BoundParams(std::span<const Param> params) {
        texts.reserve(params.size());
        for (const auto& param : params) add(param);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            values.push_back(is_null[i] ? nullptr : texts[i].c_str());
        }
    }

    void add(const Param& param) {
        const auto& value = param.value();
        std::string text;
        int format = 0;
        bool null = false;
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            text = std::to_string(*number);
        } else if (const auto* view = std::get_if<std::string_view>(&value)) {
            check_text(*view);
            text = *view;
        } else if (const auto* blob = std::get_if<Param::Bytes>(&value)) {
            text = blob->bytes;
            format = 1;
        } else {
            null = true;
        }
        lengths.push_back(static_cast<int>(text.size()));
        formats.push_back(format);
        is_null.push_back(null);
        texts.push_back(std::move(text));
    }

    int count() const { return static_cast<int>(values.size()); }

    std::vector<std::string> texts;
    std::vector<bool> is_null;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
};

// What the URL leaves open. A peer that vanished must be noticed within a minute.
PGconn* open_connection(const std::string& url) {
    constexpr std::array kNames{
        "connect_timeout",  "keepalives_idle",  "keepalives_interval",
        "keepalives_count", "tcp_user_timeout", "application_name",
        "dbname",           "client_encoding",  static_cast<const char*>(nullptr)};
    const std::array<const char*, kNames.size()> values{
        "10", "20", "10", "3", "30000", "headwater", url.c_str(), "UTF8", nullptr};
    return PQconnectdbParams(kNames.data(), values.data(), 1);
}

class Postgres final : public PostgresConnection {
  public:
    Postgres(const std::string& url, PostgresRole role, Access access)
        : owner_(open_connection(url), &PQfinish), connection_(owner_.get()), access_(access) {
        if (PQstatus(connection_) != CONNECTION_OK) {
            throw Fault(FaultKind::Lost, fmt::format("cannot connect to PostgreSQL: {}",
                                                     PQerrorMessage(connection_)));
        }
        PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
        if (role == PostgresRole::Bound) run_script(kTakeRole);
        if (PQenterPipelineMode(connection_) != 1) lose("pipeline mode");
    }

    EngineKind engine() const override { return EngineKind::Postgres; }

    void begin(std::string_view workspace_id) override {
        send(access_ == Access::ReadOnly ? "begin isolation level repeatable read read only"
                                         : "begin");
        const Param scope(workspace_id);
        send("select set_config('headwater.workspace_id', $1, true)", {&scope, 1});
    }

    void commit() override {
        send("commit");
        const auto done = sync("commit");
        // The server answers the COMMIT of a failed transaction with ROLLBACK, and no error.
        if (std::string_view(PQcmdStatus(done.get())) != "COMMIT") {
            throw Fault(FaultKind::Bug, "PostgreSQL: commit of a transaction that had failed");
        }
    }

    void rollback() override {
        const auto failed = settle("rollback");
        send("rollback");
        sync("rollback");
        if (failed) raise(failed.get(), "a delayed statement");
    }

    void savepoint() override { send("savepoint use_case"); }
    void release_savepoint() override { send("release savepoint use_case"); }
    void rollback_to_savepoint() override {
        settle("rollback to savepoint");
        send("rollback to savepoint use_case");
        send("release savepoint use_case");
        sync("rollback to savepoint");
    }

    void exec(const Query& query, std::span<const Param> params) override {
        send_prepared(ensure_prepared(query), params);
    }

    void query(const Query& query, std::span<const Param> params,
               FunctionRef<void(const Row&)> on_row) override {
        send_prepared(ensure_prepared(query), params);
        if (PQsendFlushRequest(connection_) != 1) lose(query.name());
        flush();
        auto last = owned(nullptr);
        while (pending_ > 0) last = next_result(query.name());
        unconfirmed_.clear();
        for (int row = 0; row < PQntuples(last.get()); ++row) on_row(PgRow(last.get(), row));
    }

    void stream(std::string_view sql, FunctionRef<void(const Row&)> on_row) override {
        if (pending_ > 0) sync("stream");
        leave_pipeline();
        const StreamEnd end{*this};
        if (PQsendQuery(connection_, std::string(sql).c_str()) != 1) lose("stream");
        if (PQsetSingleRowMode(connection_) != 1) lose("stream");
        for (auto result = owned(PQgetResult(connection_)); result;
             result = owned(PQgetResult(connection_))) {
            if (PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
                on_row(PgRow(result.get(), 0));
            } else if (!succeeded(result)) {
                raise(result.get(), sql);
            }
        }
    }

    void exec_text(std::string_view sql, std::span<const Param> params) override {
        if (sql != text_sql_) {
            if (!text_name_.empty()) send(("deallocate " + text_name_).c_str());
            text_sql_ = sql;
            text_name_ = fmt::format("text_{}", ++texts_made_);
            send_prepare(text_name_, text_sql_);
        }
        send_prepared(text_name_, params);
    }

    void run_script(std::string_view sql) override {
        const bool pipelined = PQpipelineStatus(connection_) != PQ_PIPELINE_OFF;
        if (pending_ > 0) sync("script");
        if (pipelined) leave_pipeline();
        const auto result = owned(PQexec(connection_, std::string(sql).c_str()));
        if (pipelined && PQenterPipelineMode(connection_) != 1) lose("enter pipeline mode");
        if (!succeeded(result)) raise(result.get(), "script");
    }

    void prepare(const Query& query) override {
        ensure_prepared(query);
        sync(query.name());
    }

    std::string explain(const Query& query) override {
        // The generic plan of a prepared statement needs no parameter values.
        prepare(query);
        const auto& name = names_[query.index()];
        leave_pipeline();
        const auto about = owned(PQdescribePrepared(connection_, name.c_str()));
        std::string nulls;
        for (int i = 0; i < PQnparams(about.get()); ++i) nulls += i == 0 ? "null" : ", null";
        const auto sql =
            fmt::format("set plan_cache_mode = force_generic_plan; explain execute {}{}", name,
                        nulls.empty() ? "" : "(" + nulls + ")");
        const auto result = owned(PQexec(connection_, sql.c_str()));
        if (PQenterPipelineMode(connection_) != 1) lose("enter pipeline mode");
        if (!succeeded(result)) raise(result.get(), query.name());
        std::string plan;
        for (int row = 0; row < PQntuples(result.get()); ++row) {
            plan += PgRow(result.get(), row).text(0) + "\n";
        }
        return plan;
    }

    void wait_notifications(int timeout_ms,
                            FunctionRef<void(std::string_view)> on_payload) override {
        pollfd waiting{PQsocket(connection_), POLLIN, 0};
        poll(&waiting, 1, timeout_ms);
        if (PQconsumeInput(connection_) != 1) lose("listen");
        while (auto* notification = PQnotifies(connection_)) {
            const std::string payload = notification->extra;
            PQfreemem(notification);
            on_payload(payload);
        }
    }

  private:
    // Whatever ended a stream: takes in the rest of its rows and goes back to pipeline mode.
    struct StreamEnd {
        Postgres& self;
        ~StreamEnd() {
            std::array<char, 256> ignored{};
            auto* cancel = PQgetCancel(self.connection_);
            if (PQtransactionStatus(self.connection_) == PQTRANS_ACTIVE && cancel != nullptr) {
                PQcancel(cancel, ignored.data(), static_cast<int>(ignored.size()));
            }
            PQfreeCancel(cancel);
            while (owned(PQgetResult(self.connection_))) continue;
            PQenterPipelineMode(self.connection_);
        }
    };

    [[noreturn]] void lose(std::string_view what) {
        throw Fault(FaultKind::Lost,
                    fmt::format("PostgreSQL: {}: {}", what, PQerrorMessage(connection_)));
    }

    [[noreturn]] void raise(const PGresult* result, std::string_view what) {
        const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        if (state == nullptr) lose(what);
        throw Fault(fault_kind(state, access_), fmt::format("PostgreSQL: {}: {} ({})", what,
                                                            PQresultErrorMessage(result), state));
    }

    void leave_pipeline() {
        if (PQexitPipelineMode(connection_) != 1) lose("leave pipeline mode");
    }

    void send(const char* sql, std::span<const Param> params = {}) {
        const BoundParams bound(params);
        if (PQsendQueryParams(connection_, sql, bound.count(), nullptr, bound.values.data(),
                              bound.lengths.data(), bound.formats.data(), 0) != 1) {
            lose(sql);
        }
        ++pending_;
    }

    void send_prepare(const std::string& name, const std::string& sql) {
        if (PQsendPrepare(connection_, name.c_str(), sql.c_str(), 0, nullptr) != 1) lose(name);
        ++pending_;
    }

    // The server's name of the statement, prepared when it was not.
    const std::string& ensure_prepared(const Query& query) {
        if (query.index() >= names_.size()) names_.resize(query.index() + 1);
        auto& name = names_[query.index()];
        if (!name.empty()) return name;
        name = fmt::format("{}_{}", query.name(), generation_);
        send_prepare(name, std::string(query.sql(EngineKind::Postgres)));
        unconfirmed_.push_back(query.index());
        return name;
    }

    void send_prepared(const std::string& name, std::span<const Param> params) {
        const BoundParams bound(params);
        if (PQsendQueryPrepared(connection_, name.c_str(), bound.count(), bound.values.data(),
                                bound.lengths.data(), bound.formats.data(), 0) != 1) {
            lose(name);
        }
        ++pending_;
    }

    void flush() {
        int left = 0;
        while ((left = PQflush(connection_)) == 1) {
            pollfd ready{PQsocket(connection_), POLLIN | POLLOUT, 0};
            poll(&ready, 1, -1);
            if ((ready.revents & POLLIN) != 0 && PQconsumeInput(connection_) != 1) lose("flush");
        }
        if (left < 0) lose("flush");
    }

    // The result of the oldest statement on its way. When it failed, the server skips everything up
    // to the next Sync: that is sent and taken in before the fault is thrown.
    PgResult next_result(std::string_view what) {
        auto result = owned(PQgetResult(connection_));
        if (!result) lose(what);
        --pending_;
        if (!succeeded(result)) {
            forget_unconfirmed();
            if (PQstatus(connection_) == CONNECTION_OK && PQpipelineSync(connection_) == 1) {
                read_to_sync(what);
            }
            raise(result.get(), what);
        }
        // In pipeline mode a null ends each statement.
        if (owned(PQgetResult(connection_))) lose(what);
        return result;
    }

    struct Exchange {
        PgResult last = owned(nullptr);    // of the last statement that succeeded
        PgResult failed = owned(nullptr);  // of the first one that failed
    };

    // Reads all that was sent before the Sync, and the Sync.
    Exchange read_to_sync(std::string_view what) {
        Exchange exchange;
        bool was_null = false;
        for (;;) {
            auto result = owned(PQgetResult(connection_));
            const auto status = PQresultStatus(result.get());
            // Two nulls in a row: nothing is on its way, so the connection is gone or confused.
            if (!result && (was_null || PQstatus(connection_) != CONNECTION_OK)) break;
            was_null = !result;
            if (!result || status == PGRES_PIPELINE_ABORTED) continue;
            if (status == PGRES_PIPELINE_SYNC) {
                pending_ = 0;
                return exchange;
            }
            if (succeeded(result)) {
                exchange.last = std::move(result);
            } else if (!exchange.failed) {
                exchange.failed = std::move(result);
            }
        }
        if (exchange.failed) raise(exchange.failed.get(), what);
        lose(what);
    }

    Exchange exchange(std::string_view what) {
        if (PQpipelineSync(connection_) != 1) lose(what);
        flush();
        auto exchanged = read_to_sync(what);
        if (exchanged.failed) forget_unconfirmed();
        unconfirmed_.clear();
        return exchanged;
    }

    // Waits for everything sent so far; gives the result of the last statement.
    PgResult sync(std::string_view what) {
        auto exchanged = exchange(what);
        if (exchanged.failed) raise(exchanged.failed.get(), what);
        return std::move(exchanged.last);
    }

    // The same where a failure does not matter, because it is about to be rolled back. Gives it.
    PgResult settle(std::string_view what) {
        if (pending_ == 0) return owned(nullptr);
        return std::move(exchange(what).failed);
    }

    // What was prepared since the last complete exchange may or may not exist on the server: it
    // will be prepared again under a name that cannot clash.
    void forget_unconfirmed() {
        for (const auto index : unconfirmed_) names_[index].clear();
        unconfirmed_.clear();
        ++generation_;
        text_sql_.clear();
        text_name_.clear();
    }

    std::unique_ptr<PGconn, decltype(&PQfinish)> owner_;
    PGconn* connection_;
    Access access_;
    std::size_t pending_ = 0;               // statements sent whose result was not read
    std::vector<std::string> names_;        // by Query::index(); empty: not prepared
    std::vector<std::size_t> unconfirmed_;  // prepared since the last complete exchange
    int generation_ = 0;                    // part of the names, see forget_unconfirmed()
    std::string text_sql_;                  // of exec_text()
    std::string text_name_;
    int texts_made_ = 0;
};

}  // namespace

std::unique_ptr<PostgresConnection> connect_postgres(const std::string& url, PostgresRole role,
                                                     Access access) {
    return std::make_unique<Postgres>(url, role, access);
}

}  // namespace hw
