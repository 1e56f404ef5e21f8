// SPDX-License-Identifier: Apache-2.0
// PostgreSQL: a pool of connections runs use cases, one transaction each, again when the server
// asks for it (serialization, deadlock). Clicks have a connection of their own that records them in
// batches. One connection listens for what other nodes changed.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/engine.hpp"
#include "store/postgres.hpp"
#include "store/work_queue.hpp"

namespace hw {
namespace {

constexpr int kAttemptsMax = 10;
constexpr int kListenTimeoutMs = 50;
constexpr std::size_t kClickBatch = 1'000;

// SQLite has one process, whose caches hear of changes directly.
const Query kNotify{"notify", "", "select pg_notify('headwater', $1)"};

// A connection that comes back after it was lost.
class PooledConnection {
  public:
    PooledConnection(const std::string& url, std::int64_t slot) : url_(url), slot_(slot) {}

    PostgresConnection& get() {
        if (!connection_) connection_ = connect_postgres(url_);
        return *connection_;
    }
    void drop() { connection_.reset(); }
    std::int64_t slot() const { return slot_; }

  private:
    const std::string& url_;
    std::int64_t slot_;
    std::unique_ptr<PostgresConnection> connection_;
};

class PostgresEngine final : public Engine {
  public:
    explicit PostgresEngine(EngineParts parts)
        : parts_(parts),
          writes_(limits::kWriteQueueMax),
          reads_(limits::kReadQueueMax),
          clicks_(limits::kClickQueueMax) {
        connect_postgres(parts.options.url);  // a wrong URL fails here, not in a thread
        for (int i = 0; i < parts.options.writers; ++i) {
            threads_.emplace_back([this, i] { write_loop(i + 1); });
        }
        for (int i = 0; i < parts.options.readers; ++i) {
            threads_.emplace_back([this] { read_loop(); });
        }
        threads_.emplace_back([this] { click_loop(); });
        listener_ = std::thread([this] { listen_loop(); });
    }

    ~PostgresEngine() override { PostgresEngine::stop(); }

    bool submit_write(std::unique_ptr<Task>& task) override { return writes_.push(task); }
    bool submit_read(std::unique_ptr<Task>& task) override { return reads_.push(task); }
    bool submit_click(PendingClick& click) override { return clicks_.push(click); }
    bool healthy() const override { return healthy_; }

    void stop() override {
        writes_.close();
        reads_.close();
        clicks_.close();
        stopped_ = true;
        for (auto& thread : threads_) {
            if (thread.joinable()) thread.join();
        }
        if (listener_.joinable()) listener_.join();
    }

  private:
    void write_loop(std::int64_t slot) {
        PooledConnection connection(parts_.options.url, slot);
        for (;;) {
            auto tasks = writes_.pop(1);
            if (tasks.empty()) return;
            auto& task = *tasks.front();
            std::vector<std::string> invalidated;
            auto error = in_transaction(connection, task.workspace_id, [&](Tx& tx) {
                const bool keep = task.run(tx);
                invalidated = tx.invalidated();
                return keep;
            });
            if (error) {
                task.fail(std::move(*error));
                continue;
            }
            ++parts_.stats.use_cases;
            announce(parts_.options, invalidated);
            task.finish();
        }
    }

    void click_loop() {
        PooledConnection connection(parts_.options.url, 0);
        for (;;) {
            auto clicks = clicks_.pop(kClickBatch);
            if (clicks.empty()) return;
            std::vector<RecordedClick> answers;
            const auto error = in_transaction(connection, kOperator, [&](Tx& tx) {
                answers = record_batch(tx, parts_.options, clicks);
                return true;
            });
            if (!error) {
                parts_.stats.clicks += static_cast<std::int64_t>(clicks.size());
                answer_batch(parts_.recent, clicks, answers);
                continue;
            }
            for (auto& click : clicks) {
                if (click.done) {
                    click.done(std::unexpected(*error));
                } else {
                    ++parts_.stats.clicks_lost;
                }
            }
        }
    }

    void read_loop() {
        PooledConnection connection(parts_.options.url, 0);
        for (;;) {
            auto tasks = reads_.pop(1);
            if (tasks.empty()) return;
            auto& task = *tasks.front();
            auto error = in_transaction(connection, task.workspace_id, [&](Tx& tx) {
                task.run(tx);
                return false;
            });
            if (error) {
                task.fail(std::move(*error));
            } else {
                task.finish();
            }
        }
    }

    // Runs `body` and commits when it says so. The error says why nothing was committed.
    std::optional<Error> in_transaction(PooledConnection& connection, std::string_view workspace_id,
                                        FunctionRef<bool(Tx&)> body) {
        for (int attempt = 1;; ++attempt) {
            try {
                attempt_once(connection, workspace_id, body);
                healthy_ = true;
                return std::nullopt;
            } catch (const Fault& fault) {
                const bool again = recover(connection, fault) && attempt < kAttemptsMax;
                if (!again) return error_of(fault);
                ++parts_.stats.retries;
            } catch (const std::exception& bug) {
                recover(connection, Fault(FaultKind::Bug, bug.what()));
                return error_of(Fault(FaultKind::Bug, bug.what()));
            }
        }
    }

    void attempt_once(PooledConnection& pooled, std::string_view workspace_id,
                      FunctionRef<bool(Tx&)> body) {
        auto& connection = pooled.get();
        connection.begin(workspace_id);
        Tx tx(connection, parts_.env, std::string(workspace_id));
        if (!body(tx)) {
            connection.rollback();
            return;
        }
        tx.counters().flush(connection, pooled.slot());
        for (const auto& name : tx.invalidated()) tx.exec(kNotify, name);
        try {
            connection.commit();
        } catch (const Fault& fault) {
            if (fault.kind() != FaultKind::Lost) throw;
            throw Fault(FaultKind::Lost,
                        std::string("outcome of the commit unknown: ") + fault.what());
        }
        ++parts_.stats.commits;
    }

    // Makes the connection usable again. True when the same work may simply be run again.
    bool recover(PooledConnection& pooled, const Fault& fault) {
        ++parts_.stats.faults;
        if (fault.kind() == FaultKind::Lost) {
            healthy_ = false;
            pooled.drop();
            return false;
        }
        try {
            pooled.get().rollback();
        } catch (const Fault& second) {
            log(LogLevel::Warn, "rollback_failed", {{"what", second.what()}});
            pooled.drop();
        }
        return fault.kind() == FaultKind::Retryable;
    }

    void listen_loop() {
        std::unique_ptr<PostgresConnection> connection;
        while (!stopped_) {
            try {
                if (!connection) {
                    connection = connect_postgres(parts_.options.url);
                    connection->run_script("listen headwater");
                    // Whatever was announced while nobody listened is unknown: forget everything.
                    announce(parts_.options, {"*"});
                    healthy_ = true;
                }
                connection->wait_notifications(kListenTimeoutMs, [&](std::string_view name) {
                    announce(parts_.options, {std::string(name)});
                });
            } catch (const Fault& fault) {
                log(LogLevel::Warn, "listener_lost", {{"what", fault.what()}});
                connection.reset();
                std::unique_lock lock(pause_mutex_);
                pause_.wait_for(lock, std::chrono::milliseconds(kListenTimeoutMs),
                                [&] { return stopped_.load(); });
            }
        }
    }

    EngineParts parts_;
    WorkQueue<std::unique_ptr<Task>> writes_;
    WorkQueue<std::unique_ptr<Task>> reads_;
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
