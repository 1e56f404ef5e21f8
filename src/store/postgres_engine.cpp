// SPDX-License-Identifier: Apache-2.0
// PostgreSQL: a pool of connections runs use cases, one transaction each, again when the server
// asks for it (serialization, deadlock). Clicks have a connection of their own that records them in
// batches. One connection listens for what other nodes changed.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/engine.hpp"
#include "store/postgres.hpp"
#include "store/rollup_days.hpp"
#include "store/work_queue.hpp"

namespace hw {
namespace {

constexpr int kAttemptsMax = 10;
constexpr int kListenTimeoutMs = 50;
constexpr int kReconnectMs = 200;
constexpr std::size_t kClickBatch = 1'000;

// SQLite has one process, whose caches hear of changes directly.
const Query kNotify{"notify", "", "select pg_notify('headwater', $1)"};

// Thrown instead of the fault when a COMMIT was on its way: it may have been done or not.
class OutcomeUnknown : public Fault {
  public:
    explicit OutcomeUnknown(const Fault& fault)
        : Fault(fault.kind(), std::string("outcome of the commit unknown: ") + fault.what()) {}
};

Error outcome_unknown() {
    return {ErrorCode::Unavailable,
            "The connection to the database broke while this request was being committed: whether "
            "it was recorded is unknown. Send it again after the time in Retry-After; an invoice "
            "id or an Idempotency-Key keeps it from being recorded twice.",
            "commit_outcome_unknown"};
}

// A connection that comes back after it was lost.
class PooledConnection {
  public:
    PooledConnection(const std::string& url, Access access, std::int64_t slot)
        : url_(url), access_(access), slot_(slot) {}

    PostgresConnection& get() {
        if (!connection_) connection_ = connect_postgres(url_, PostgresRole::Bound, access_);
        return *connection_;
    }
    bool is_open() const { return connection_ != nullptr; }
    void drop() { connection_.reset(); }
    std::int64_t slot() const { return slot_; }

  private:
    const std::string& url_;
    Access access_;
    std::int64_t slot_;
    std::unique_ptr<PostgresConnection> connection_;
};

class PostgresEngine final : public Engine {
  public:
    explicit PostgresEngine(EngineParts parts)
        : parts_(parts),
          writes_(limits::kWriteQueueMax),
          reads_(limits::kReadQueueMax),
          scans_(limits::kScanQueueMax),
          clicks_(limits::kClickQueueMax) {
        connect_postgres(parts.options.url);  // a wrong URL fails here, not in a thread
        for (int i = 0; i < parts.options.writers; ++i) {
            threads_.emplace_back([this, i] { write_loop(i + 1); });
        }
        for (int i = 0; i < parts.options.readers; ++i) {
            threads_.emplace_back([this] { read_loop(reads_); });
        }
        for (int i = 0; i < parts.options.scanners; ++i) {
            threads_.emplace_back([this] { read_loop(scans_); });
        }
        threads_.emplace_back([this] { click_loop(); });
        listener_ = std::thread([this] { listen_loop(); });
    }

    ~PostgresEngine() override { PostgresEngine::stop(); }

    bool submit_write(std::unique_ptr<Task>& task) override { return writes_.push(task); }
    bool submit_read(std::unique_ptr<Task>& task) override { return reads_.push(task); }
    bool submit_scan(std::unique_ptr<Task>& task) override { return scans_.push(task); }
    bool submit_click(PendingClick& click) override { return clicks_.push(click); }
    bool healthy() const override { return healthy_; }

    void stop() override {
        writes_.close();
        reads_.close();
        scans_.close();
        clicks_.close();
        for (auto& thread : threads_) {
            if (thread.joinable()) thread.join();
        }
        // Last, so that caches hear of what was finished.
        stopped_ = true;
        if (listener_.joinable()) listener_.join();
    }

  private:
    void write_loop(std::int64_t slot) {
        PooledConnection connection(parts_.options.url, Access::ReadWrite, slot);
        for (;;) {
            auto tasks = writes_.pop(1);
            if (tasks.empty()) return;
            auto& task = *tasks.front();
            std::vector<std::string> invalidated;
            bool wakes_jobs = false;
            auto error = in_transaction(connection, task.workspace_id, [&](Tx& tx) {
                const bool keep = task.run(tx);
                invalidated = keep ? tx.invalidated() : std::vector<std::string>{};
                wakes_jobs = keep && tx.wakes_jobs();
                return keep;
            });
            if (!error) {
                ++parts_.stats.use_cases;
                announce(parts_.options, invalidated);
                if (wakes_jobs) announce_jobs(parts_.options);
            }
            answer_task(task, std::move(error));
        }
    }

    void click_loop() {
        PooledConnection connection(parts_.options.url, Access::ReadWrite, 0);
        for (;;) {
            auto clicks = clicks_.pop(kClickBatch);
            if (clicks.empty()) return;
            record(connection, clicks);
        }
    }

    void record(PooledConnection& connection, std::vector<PendingClick>& clicks) {
        std::vector<RecordedClick> answers;
        const auto error = in_transaction(connection, kOperator, [&](Tx& tx) {
            answers = record_batch(tx, parts_.options, clicks);
            return true;
        });
        if (!error) {
            parts_.stats.clicks += static_cast<std::int64_t>(clicks.size());
            remember_clicks(parts_.recent, clicks, answers, 0);
            answer_together(parts_.options, [&] { answer_clicks(clicks, answers); });
            return;
        }
        const bool alone = error->reason == "bug" || error->reason == "busy";
        if (!alone || clicks.size() == 1) {
            refuse_clicks(parts_.stats, clicks, *error);
            return;
        }
        // One of them cannot be recorded; its neighbours must not suffer. Each half by itself.
        const auto middle = clicks.begin() + static_cast<std::ptrdiff_t>(clicks.size() / 2);
        std::vector<PendingClick> rest(std::make_move_iterator(middle),
                                       std::make_move_iterator(clicks.end()));
        clicks.erase(middle, clicks.end());
        record(connection, clicks);
        record(connection, rest);
    }

    void read_loop(WorkQueue<std::unique_ptr<Task>>& queue) {
        PooledConnection connection(parts_.options.url, Access::ReadOnly, 0);
        for (;;) {
            auto tasks = queue.pop(1);
            if (tasks.empty()) return;
            auto& task = *tasks.front();
            auto error = in_transaction(connection, task.workspace_id, [&](Tx& tx) {
                task.run(tx);
                return false;
            });
            answer_task(task, std::move(error));
        }
    }

    // Runs `body` and commits when it says so. The error says why nothing was committed.
    std::optional<Error> in_transaction(PooledConnection& connection, std::string_view workspace_id,
                                        FunctionRef<bool(Tx&)> body) {
        for (int attempt = 1;; ++attempt) {
            // A connection that sat idle may have been cut long ago: worth one more try.
            const bool was_idle = attempt == 1 && connection.is_open();
            try {
                attempt_once(connection, workspace_id, body);
                healthy_ = true;
                return std::nullopt;
            } catch (const OutcomeUnknown& fault) {
                recover(connection, fault);
                log(LogLevel::Error, "database_fault", {{"what", fault.what()}});
                return outcome_unknown();
            } catch (const Fault& fault) {
                recover(connection, fault);
                const bool again =
                    fault.kind() == FaultKind::Lost
                        ? was_idle
                        : fault.kind() == FaultKind::Retryable && attempt < kAttemptsMax;
                if (!again) return error_of(fault);
                ++parts_.stats.retries;
            } catch (const std::exception& bug) {
                const Fault fault(FaultKind::Bug, bug.what());
                recover(connection, fault);
                return error_of(fault);
            }
        }
    }

    void attempt_once(PooledConnection& pooled, std::string_view workspace_id,
                      FunctionRef<bool(Tx&)> body) {
        auto& connection = pooled.get();
        connection.begin(workspace_id);
        Tx tx(connection, parts_.env, std::string(workspace_id),
              {.payloads = parts_.options.payloads});
        if (!body(tx)) {
            connection.rollback();
            return;
        }
        open_old_days(connection, tx.counters(), parts_.env.now_ms());
        tx.counters().flush(connection, pooled.slot());
        for (const auto& name : tx.invalidated()) tx.exec(kNotify, name);
        try {
            connection.commit();
        } catch (const Fault& fault) {
            if (fault.kind() != FaultKind::Lost) throw;
            throw OutcomeUnknown(fault);
        }
        ++parts_.stats.commits;
    }

    // Makes the connection usable again.
    void recover(PooledConnection& pooled, const Fault& fault) {
        ++parts_.stats.faults;
        if (fault.kind() == FaultKind::Lost) {
            healthy_ = false;
            pooled.drop();
        }
        if (!pooled.is_open()) return;
        try {
            pooled.get().rollback();
        } catch (const Fault& second) {
            log(LogLevel::Warn, "rollback_failed", {{"what", second.what()}});
            pooled.drop();
        }
    }

    void listen_loop() {
        std::unique_ptr<PostgresConnection> connection;
        while (!stopped_) {
            try {
                listen_for_a_while(connection);
            } catch (const Fault& fault) {
                healthy_ = false;
                log(LogLevel::Warn, "listener_lost", {{"what", fault.what()}});
                connection.reset();
                pause_until_reconnect();
            }
        }
    }

    void listen_for_a_while(std::unique_ptr<PostgresConnection>& connection) {
        if (!connection) {
            connection = connect_postgres(parts_.options.url);
            connection->run_script("listen headwater");
            // Whatever was announced while nobody listened is unknown: forget everything.
            announce(parts_.options, {"*"});
        }
        if (!healthy_) {  // nobody else may come to find out that the server is back
            connection->run_script("select 1");
            healthy_ = true;
        }
        connection->wait_notifications(kListenTimeoutMs, [&](std::string_view name) {
            announce(parts_.options, {std::string(name)});
        });
    }

    void pause_until_reconnect() {
        std::unique_lock lock(pause_mutex_);
        pause_.wait_for(lock, std::chrono::milliseconds(kReconnectMs),
                        [&] { return stopped_.load(); });
    }

    EngineParts parts_;
    WorkQueue<std::unique_ptr<Task>> writes_;
    WorkQueue<std::unique_ptr<Task>> reads_;
    WorkQueue<std::unique_ptr<Task>> scans_;
    WorkQueue<PendingClick> clicks_;
    std::atomic<bool> healthy_{true};
    std::atomic<bool> stopped_{false};
    std::mutex pause_mutex_;
    std::condition_variable pause_;
    std::vector<std::thread> threads_;
    std::thread listener_;
};

}  // namespace

std::unique_ptr<Engine> make_postgres_engine(EngineParts parts) {
    return std::make_unique<PostgresEngine>(parts);
}

}  // namespace hw
