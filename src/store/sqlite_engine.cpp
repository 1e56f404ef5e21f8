// SPDX-License-Identifier: Apache-2.0
// SQLite: one writer thread takes whatever waits, runs each use case inside a savepoint, commits
// once, then answers all. No linger: the batch is what queued while the last commit ran. Readers
// have their own connections (WAL), and checkpoints their own thread.
#include <sqlite3.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/engine.hpp"
#include "store/sqlite.hpp"
#include "store/work_queue.hpp"

namespace hw {
namespace {

constexpr std::int64_t kCheckpointPages = 2'000;    // 8 MB of log: worth copying back
constexpr std::int64_t kRestartPages = 64 * 1'024;  // 256 MB: the writer makes room itself

struct Group {
    std::vector<std::unique_ptr<Task>> tasks;
    std::vector<PendingClick> clicks;
    bool empty() const { return tasks.empty() && clicks.empty(); }
};

// What waits for the writer: use cases and clicks, each with its own bound.
class WriterInbox {
  public:
    bool push(std::unique_ptr<Task>& task) { return add(tasks_, task, limits::kWriteQueueMax); }
    bool push(PendingClick& click) { return add(clicks_, click, limits::kClickQueueMax); }

    Group take() {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [&] { return closed_ || !tasks_.empty() || !clicks_.empty(); });
        Group group;
        move_some(tasks_, group.tasks, limits::kGroupCommitMax);
        move_some(clicks_, group.clicks, limits::kClickBatchMax);
        return group;
    }

    void close() {
        {
            const std::scoped_lock lock(mutex_);
            closed_ = true;
        }
        ready_.notify_all();
    }

  private:
    template <class Item>
    bool add(std::deque<Item>& queue, Item& item, std::size_t capacity) {
        bool was_empty = false;
        {
            const std::scoped_lock lock(mutex_);
            if (closed_ || queue.size() >= capacity) return false;
            was_empty = tasks_.empty() && clicks_.empty();
            queue.push_back(std::move(item));
        }
        if (was_empty) ready_.notify_one();
        return true;
    }

    template <class Item>
    static void move_some(std::deque<Item>& from, std::vector<Item>& to, std::size_t most) {
        const auto count = std::min(most, from.size());
        to.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            to.push_back(std::move(from.front()));
            from.pop_front();
        }
    }

    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<std::unique_ptr<Task>> tasks_;
    std::deque<PendingClick> clicks_;
    bool closed_ = false;
};

// Copies the write-ahead log back into the file, off the commit path.
class Checkpointer {
  public:
    Checkpointer(const std::string& path, DbStats& stats)
        : connection_(connect_sqlite(path, Access::ReadWrite)),
          stats_(stats),
          thread_([this] { loop(); }) {}

    ~Checkpointer() {
        {
            const std::scoped_lock lock(mutex_);
            stopped_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }

    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    void request() {
        {
            const std::scoped_lock lock(mutex_);
            requested_ = true;
        }
        wake_.notify_one();
    }

  private:
    void loop() {
        for (;;) {
            {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, [&] { return requested_ || stopped_; });
                if (stopped_) return;
                requested_ = false;
            }
            // A checkpoint that fails (disk full) is tried again at the next request; the log keeps
            // every commit until then.
            sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                      nullptr, nullptr);
            ++stats_.checkpoints;
        }
    }

    std::unique_ptr<SqliteConnection> connection_;
    DbStats& stats_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool requested_ = false;
    bool stopped_ = false;
    std::thread thread_;
};

class SqliteEngine final : public Engine {
  public:
    explicit SqliteEngine(EngineParts parts)
        : parts_(parts),
          path_(parts.options.url.substr(std::string_view("sqlite:").size())),
          connection_(connect_sqlite(path_, Access::ReadWrite)),
          checkpointer_(path_, parts.stats),
          reads_(limits::kReadQueueMax) {
        fill_recent_clicks();
        writer_ = std::thread([this] { write_loop(); });
        for (int i = 0; i < parts.options.readers; ++i) {
            readers_.emplace_back([this] { read_loop(); });
        }
    }

    ~SqliteEngine() override { SqliteEngine::stop(); }

    bool submit_write(std::unique_ptr<Task>& task) override { return inbox_.push(task); }
    bool submit_read(std::unique_ptr<Task>& task) override { return reads_.push(task); }
    bool submit_click(PendingClick& click) override { return inbox_.push(click); }
    bool healthy() const override { return healthy_; }

    void stop() override {
        inbox_.close();
        reads_.close();
        if (writer_.joinable()) writer_.join();
        for (auto& reader : readers_) {
            if (reader.joinable()) reader.join();
        }
    }

  private:
    void fill_recent_clicks() {
        connection_->begin(kOperator);
        Tx tx(*connection_, parts_.env, std::string(kOperator));
        each_recent_touch(tx, tx.now_ms() - limits::kClickDedupMs, [&](const Touch& touch) {
            parts_.recent.remember(recent_key(touch.workspace_id, touch.link_id, touch.visitor),
                                   touch.touch_id, touch.at_ms);
        });
        connection_->rollback();
    }

    void write_loop() {
        for (;;) {
            auto group = inbox_.take();
            if (group.empty()) return;
            commit_group(group);
            make_room();
        }
    }

    // What one commit answers. `errors[i]` belongs to tasks[i]: set when it must not finish().
    struct Outcome {
        std::vector<std::optional<Error>> errors;
        std::vector<RecordedClick> clicks;
        std::optional<Error> click_error;
        std::vector<std::string> invalidated;
        Counters counters;
    };

    void commit_group(Group& group) {
        Outcome outcome;
        outcome.errors.resize(group.tasks.size());
        try {
            connection_->begin(kOperator);
            for (std::size_t i = 0; i < group.tasks.size(); ++i) {
                run_task(*group.tasks[i], outcome, outcome.errors[i]);
            }
            if (!group.clicks.empty()) run_clicks(group.clicks, outcome);
            outcome.counters.flush(*connection_, 0);
            connection_->commit();
        } catch (const Fault& fault) {
            abandon(group, fault);
            return;
        }
        healthy_ = true;
        ++parts_.stats.commits;
        parts_.stats.use_cases += static_cast<std::int64_t>(group.tasks.size());
        parts_.stats.clicks += static_cast<std::int64_t>(outcome.clicks.size());
        announce(parts_.options, outcome.invalidated);
        answer(group, outcome);
    }

    // Runs `body` in a savepoint. A bug rolls back that savepoint alone and is returned; any other
    // fault concerns the whole group and passes through.
    template <class Body>
    std::optional<Error> in_savepoint(Body body) {
        connection_->savepoint();
        try {
            if (body()) {
                connection_->release_savepoint();
            } else {
                connection_->rollback_to_savepoint();
            }
            return std::nullopt;
        } catch (const Fault& fault) {
            if (fault.kind() != FaultKind::Bug) throw;
            connection_->rollback_to_savepoint();
            ++parts_.stats.faults;
            return error_of(fault);
        } catch (const std::exception& bug) {
            connection_->rollback_to_savepoint();
            ++parts_.stats.faults;
            return error_of(Fault(FaultKind::Bug, bug.what()));
        }
    }

    void run_task(Task& task, Outcome& outcome, std::optional<Error>& error) {
        Tx tx(*connection_, parts_.env, task.workspace_id);
        bool keep = false;
        error = in_savepoint([&] { return keep = task.run(tx); });
        if (error || !keep) return;
        outcome.counters.merge(std::move(tx.counters()));
        std::ranges::move(tx.invalidated(), std::back_inserter(outcome.invalidated));
    }

    void run_clicks(std::vector<PendingClick>& clicks, Outcome& outcome) {
        Tx tx(*connection_, parts_.env, std::string(kOperator), &parts_.recent);
        outcome.click_error = in_savepoint([&] {
            outcome.clicks = record_batch(tx, parts_.options, clicks);
            return true;
        });
        if (!outcome.click_error) outcome.counters.merge(std::move(tx.counters()));
    }

    void answer(Group& group, Outcome& outcome) {
        for (std::size_t i = 0; i < group.tasks.size(); ++i) {
            if (outcome.errors[i]) {
                group.tasks[i]->fail(std::move(*outcome.errors[i]));
            } else {
                group.tasks[i]->finish();
            }
        }
        if (outcome.click_error) {
            for (auto& click : group.clicks) refuse(click, *outcome.click_error);
        } else {
            answer_batch(parts_.recent, group.clicks, outcome.clicks);
        }
    }

    // Nothing of the group was committed: everybody hears so.
    void abandon(Group& group, const Fault& fault) {
        ++parts_.stats.faults;
        healthy_ = false;
        try {
            connection_->rollback();
        } catch (const Fault& second) {
            log(LogLevel::Error, "rollback_failed", {{"what", second.what()}});
        }
        const auto error = error_of(fault);
        for (auto& task : group.tasks) task->fail(error);
        for (auto& click : group.clicks) refuse(click, error);
        if (fault.kind() == FaultKind::Broken && parts_.options.on_broken) {
            parts_.options.on_broken(fault.what());
        }
    }

    void refuse(PendingClick& click, const Error& error) {
        if (click.done) {
            click.done(std::unexpected(error));
        } else {
            ++parts_.stats.clicks_lost;
        }
    }

    void make_room() {
        const auto pages = connection_->wal_pages();
        if (pages < kCheckpointPages) return;
        if (pages < kRestartPages) {
            checkpointer_.request();
            return;
        }
        // Passive checkpoints cannot restart the log while commits keep coming. Most of it has been
        // copied by now, so this is short.
        sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_RESTART,
                                  nullptr, nullptr);
        ++parts_.stats.checkpoints;
    }

    void read_loop() {
        const auto connection = connect_sqlite(path_, Access::ReadOnly);
        for (;;) {
            auto tasks = reads_.pop(1);
            if (tasks.empty()) return;
            read(*connection, *tasks.front());
        }
    }

    void read(Connection& connection, Task& task) {
        try {
            connection.begin(task.workspace_id);
            Tx tx(connection, parts_.env, task.workspace_id);
            task.run(tx);
            connection.rollback();
        } catch (const std::exception& failed) {
            ++parts_.stats.faults;
            connection.rollback();
            const auto* fault = dynamic_cast<const Fault*>(&failed);
            task.fail(error_of(fault != nullptr ? *fault : Fault(FaultKind::Bug, failed.what())));
            return;
        }
        task.finish();
    }

    EngineParts parts_;
    std::string path_;
    std::unique_ptr<SqliteConnection> connection_;
    Checkpointer checkpointer_;
    WriterInbox inbox_;
    WorkQueue<std::unique_ptr<Task>> reads_;
    std::atomic<bool> healthy_{true};
    std::thread writer_;
    std::vector<std::thread> readers_;
};

}  // namespace

std::unique_ptr<Engine> make_sqlite_engine(EngineParts parts) {
    return std::make_unique<SqliteEngine>(parts);
}

}  // namespace hw
