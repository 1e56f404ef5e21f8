// SPDX-License-Identifier: Apache-2.0
#include "store/postgres.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <charconv>
#include <string_view>
#include <vector>

#include "base/fault.hpp"

namespace hw {
namespace {

// Where the login may not take the role, the forced policies bind the owner all the same.
constexpr std::string_view kTakeRole =
    "do $$ begin if exists (select from pg_roles where rolname = 'headwater_app' and "
    "pg_has_role(current_user, oid, 'member')) then set role headwater_app; end if; end $$";

using PgResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

FaultKind fault_kind(std::string_view state) {
    if (state == "40001" || state == "40P01" || state == "55P03") return FaultKind::Retryable;
    // Inserts that expect a row of the same key say "on conflict". Where one clashes all the same,
    // another transaction has just inserted it: run again, this one sees it.
    if (state == "23505") return FaultKind::Retryable;
    if (state == "53100") return FaultKind::Full;
    if (state.starts_with("08") || state.starts_with("57P") || state.starts_with("53")) {
        return FaultKind::Lost;
    }
    if (state.starts_with("58")) return FaultKind::Lost;  // the server's own I/O error
    return FaultKind::Bug;
}

class PgRow : public Row {
  public:
    PgRow(const PGresult* result, int row) : result_(result), row_(row) {}

    bool is_null(int column) const override { return PQgetisnull(result_, row_, column) != 0; }
    std::int64_t int64(int column) const override {
        const auto text = view(column);
        std::int64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
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

    std::vector<std::string> texts;
    std::vector<bool> is_null;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
};

class Postgres final : public PostgresConnection {
  public:
    Postgres(const std::string& url, PostgresRole role) : connection_(PQconnectdb(url.c_str())) {
        if (PQstatus(connection_) != CONNECTION_OK) {
            const std::string why = PQerrorMessage(connection_);
            PQfinish(connection_);
            throw Fault(FaultKind::Lost, "cannot connect to PostgreSQL: " + why);
        }
        PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
        if (role == PostgresRole::Bound) run_script(kTakeRole);
        if (PQenterPipelineMode(connection_) != 1) lose("pipeline mode");
    }

    ~Postgres() override { PQfinish(connection_); }
    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;

    EngineKind engine() const override { return EngineKind::Postgres; }

    void begin(std::string_view workspace_id) override {
        send("begin", {});
        const Param scope(workspace_id);
        send("select set_config('headwater.workspace_id', $1, true)", {&scope, 1});
    }

    void commit() override {
        send("commit", {});
        sync("commit");
    }

    void rollback() override {
        send("rollback", {});
        sync("rollback");
    }

    void savepoint() override { send("savepoint use_case", {}); }
    void release_savepoint() override { send("release savepoint use_case", {}); }
    void rollback_to_savepoint() override {
        // A failed statement has already been followed by a Sync (see fail()), so the pipeline
        // accepts commands again and the transaction waits for exactly this one.
        send("rollback to savepoint use_case", {});
        send("release savepoint use_case", {});
        sync("rollback to savepoint");
    }

    void exec(const Query& query, std::span<const Param> params) override {
        send_prepared(query, params);
    }

    void query(const Query& query, std::span<const Param> params,
               FunctionRef<void(const Row&)> on_row) override {
        send_prepared(query, params);
        if (PQsendFlushRequest(connection_) != 1) lose(query.name());
        flush();
        PgResult last(nullptr, &PQclear);
        while (pending_ > 0) last = next_result(query.name());
        for (int row = 0; row < PQntuples(last.get()); ++row) on_row(PgRow(last.get(), row));
    }

    void run_script(std::string_view sql) override {
        const bool pipelined = PQpipelineStatus(connection_) != PQ_PIPELINE_OFF;
        if (pipelined && PQexitPipelineMode(connection_) != 1) lose("leave pipeline mode");
        const PgResult result(PQexec(connection_, std::string(sql).c_str()), &PQclear);
        if (pipelined && PQenterPipelineMode(connection_) != 1) lose("enter pipeline mode");
        const auto status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) raise(result.get(), "script");
    }

    void prepare(const Query& query) override {
        ensure_prepared(query);
        sync(query.name());
    }

    std::string explain(const Query& query) override {
        // The generic plan of a prepared statement needs no parameter values.
        prepare(query);
        PQexitPipelineMode(connection_);
        std::string nulls;
        const PgResult description(PQdescribePrepared(connection_, names_[query.index()].c_str()),
                                   &PQclear);
        for (int i = 0; i < PQnparams(description.get()); ++i) nulls += i == 0 ? "null" : ", null";
        const auto sql =
            fmt::format("set plan_cache_mode = force_generic_plan; explain execute {}{}",
                        names_[query.index()], nulls.empty() ? "" : "(" + nulls + ")");
        const PgResult result(PQexec(connection_, sql.c_str()), &PQclear);
        if (PQenterPipelineMode(connection_) != 1) lose("enter pipeline mode");
        if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) raise(result.get(), query.name());
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
            on_payload(notification->extra);
            PQfreemem(notification);
        }
    }

  private:
    [[noreturn]] void lose(std::string_view what) {
        throw Fault(FaultKind::Lost,
                    fmt::format("PostgreSQL: {}: {}", what, PQerrorMessage(connection_)));
    }

    [[noreturn]] void raise(const PGresult* result, std::string_view what) {
        const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        if (state == nullptr) lose(what);
        throw Fault(fault_kind(state), fmt::format("PostgreSQL: {}: {} ({})", what,
                                                   PQresultErrorMessage(result), state));
    }

    void send(const char* sql, std::span<const Param> params) {
        const BoundParams bound(params);
        if (PQsendQueryParams(connection_, sql, static_cast<int>(params.size()), nullptr,
                              bound.values.data(), bound.lengths.data(), bound.formats.data(),
                              0) != 1) {
            lose(sql);
        }
        ++pending_;
    }

    // The server's name of the statement, prepared when it was not.
    const std::string& ensure_prepared(const Query& query) {
        if (query.index() >= names_.size()) names_.resize(query.index() + 1);
        auto& name = names_[query.index()];
        if (!name.empty()) return name;
        name = fmt::format("{}_{}", query.name(), generation_);
        if (PQsendPrepare(connection_, name.c_str(),
                          std::string(query.sql(EngineKind::Postgres)).c_str(), 0, nullptr) != 1) {
            lose(query.name());
        }
        unconfirmed_.push_back(query.index());
        ++pending_;
        return name;
    }

    void send_prepared(const Query& query, std::span<const Param> params) {
        const auto& name = ensure_prepared(query);
        const BoundParams bound(params);
        if (PQsendQueryPrepared(connection_, name.c_str(), static_cast<int>(params.size()),
                                bound.values.data(), bound.lengths.data(), bound.formats.data(),
                                0) != 1) {
            lose(query.name());
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

    // The result of the oldest statement on its way. A null ends each in pipeline mode.
    PgResult next_result(std::string_view what) {
        PgResult result(PQgetResult(connection_), &PQclear);
        if (result == nullptr) lose(what);
        --pending_;
        const auto status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(result.get(), what);
        const PgResult end(PQgetResult(connection_), &PQclear);
        HW_ASSERT(end == nullptr);
        if (pending_ == 0) unconfirmed_.clear();
        return result;
    }

    // A statement failed: the server skips what follows until a Sync. Take that in, then throw.
    [[noreturn]] void fail(const PGresult* failed, std::string_view what) {
        // What was prepared since the last complete exchange may or may not exist on the server:
        // it will be prepared again under a name that cannot clash.
        for (const auto index : unconfirmed_) names_[index].clear();
        unconfirmed_.clear();
        ++generation_;
        if (PQstatus(connection_) == CONNECTION_OK && PQpipelineSync(connection_) == 1) {
            drain_to_sync(what);
        }
        raise(failed, what);
    }

    void drain_to_sync(std::string_view what) {
        int nulls = 0;
        for (;;) {
            const PgResult result(PQgetResult(connection_), &PQclear);
            if (result == nullptr) {
                // Two nulls in a row without a Sync mean that the connection is gone.
                if (++nulls > 1 && PQstatus(connection_) != CONNECTION_OK) lose(what);
                continue;
            }
            nulls = 0;
            if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) break;
            if (PQstatus(connection_) != CONNECTION_OK) lose(what);
        }
        pending_ = 0;
    }

    void sync(std::string_view what) {
        if (PQpipelineSync(connection_) != 1) lose(what);
        flush();
        while (pending_ > 0) next_result(what);
        drain_to_sync(what);
        unconfirmed_.clear();
    }

    PGconn* connection_;
    std::size_t pending_ = 0;               // statements sent whose result was not read
    std::vector<std::string> names_;        // by Query::index(); empty: not prepared
    std::vector<std::size_t> unconfirmed_;  // prepared since the last complete exchange
    int generation_ = 0;                    // part of the names, see fail()
};

}  // namespace

std::unique_ptr<PostgresConnection> connect_postgres(const std::string& url, PostgresRole role) {
    return std::make_unique<Postgres>(url, role);
}

}  // namespace hw
