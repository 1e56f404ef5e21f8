// SPDX-License-Identifier: Apache-2.0
// SQLite: one writer thread takes whatever waits, runs each use case inside a savepoint and commits
// once. Another thread syncs the log, then answers all, while the writer is at the next batch. No
// linger: the batch is what queued meanwhile. Readers have their own connections (WAL), and
// checkpoints their own thread.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <thread>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/engine.hpp"
#include "store/rollup_days.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_checkpointer.hpp"
#include "store/sqlite_log_syncer.hpp"
#include "store/work_queue.hpp"

namespace hw {
namespace {

constexpr auto kProbeInterval = std::chrono::seconds(1);
constexpr std::chrono::milliseconds kLookInterval{250};  // between looks for other writers

// A sync of a file that does not grow is half the work. A little more than the length at which the
// log starts over (sqlite_checkpointer.cpp), so that it seldom grows past this.
constexpr std::int64_t kLogBytes = std::int64_t{72} * 1'024 * 1'024;

// Another number after each commit that another connection made.
const Query kDataVersion{"data_version", "pragma data_version", ""};

struct Group {
    std::vector<std::unique_ptr<Task>> tasks;
    std::vector<PendingClick> clicks;
    std::size_t size() const { return tasks.size() + clicks.size(); }
};

// Two groups with what one had.
Group split_off_half(Group& group) {
    Group rest;
    if (!group.tasks.empty() && !group.clicks.empty()) {
        rest.clicks = std::exchange(group.clicks, {});
        return rest;
    }
    const auto halve = [](auto& from, auto& to) {
        const auto middle = from.begin() + static_cast<std::ptrdiff_t>(from.size() / 2);
        std::ranges::move(middle, from.end(), std::back_inserter(to));
        from.erase(middle, from.end());
    };
    halve(group.tasks, rest.tasks);
    halve(group.clicks, rest.clicks);
    return rest;
}

// What waits for the writer: use cases and clicks, each with its own bound.
class WriterInbox {
  public:
    bool push(std::unique_ptr<Task>& task) { return add(tasks_, task, limits::kWriteQueueMax); }
    bool push(PendingClick& click) { return add(clicks_, click, limits::kClickQueueMax); }

    // Waits for work. Nothing: closed and drained. An empty group: `patience` ran out.
    std::optional<Group> take(std::optional<std::chrono::milliseconds> patience) {
        std::unique_lock lock(mutex_);
        const auto is_ready = [&] { return closed_ || !tasks_.empty() || !clicks_.empty(); };
        if (patience) {
            ready_.wait_for(lock, *patience, is_ready);
        } else {
            ready_.wait(lock, is_ready);
        }
        Group group;
        move_some(tasks_, group.tasks, limits::kGroupCommitMax);
        move_some(clicks_, group.clicks, limits::kClickBatchMax);
        if (closed_ && group.size() == 0) return std::nullopt;
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
    bool add(std::vector<Item>& queue, Item& item, std::size_t capacity) {
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
    static void move_some(std::vector<Item>& from, std::vector<Item>& to, std::size_t most) {
        if (from.size() <= most) return to.swap(from);
        const auto end = from.begin() + static_cast<std::ptrdiff_t>(most);
        to.assign(std::move_iterator(from.begin()), std::move_iterator(end));
        from.erase(from.begin(), end);
    }

    std::mutex mutex_;
    std::condition_variable ready_;
    std::vector<std::unique_ptr<Task>> tasks_;
    std::vector<PendingClick> clicks_;
    bool closed_ = false;
};

class SqliteEngine final : public Engine {
  public:
    explicit SqliteEngine(EngineParts parts)
        : parts_(parts),
          path_(parts.options.url.substr(std::string_view("sqlite:").size())),
          connection_(connect_sqlite(path_, Access::ReadWrite)),
          syncer_(connection_->take_log(parts.options.for_load ? kLogBytes : 0)),
          checkpointer_(path_, parts.stats, [this](const Fault& fault) { note_broken(fault); }),
          reads_(limits::kReadQueueMax),
          scans_(limits::kScanQueueMax) {
        fill_recent_clicks();
        look_for_strangers();  // what they do from here on is news
        // What cannot be opened fails here and not in a thread.
        std::vector<std::unique_ptr<SqliteConnection>> connections;
        for (int i = 0; i < parts.options.readers + parts.options.scanners; ++i) {
            connections.push_back(connect_sqlite(path_, Access::ReadOnly));
        }
        writer_ = std::thread([this] { write_loop(); });
        for (auto& connection : connections) {
            const bool reads = std::ssize(readers_) < parts.options.readers;
            readers_.emplace_back(
                [this, &queue = reads ? reads_ : scans_, mine = std::move(connection)]() mutable {
                    read_loop(queue, mine);
                });
        }
    }

    ~SqliteEngine() override { SqliteEngine::stop(); }

    bool submit_write(std::unique_ptr<Task>& task) override { return inbox_.push(task); }
    bool submit_read(std::unique_ptr<Task>& task) override { return reads_.push(task); }
    bool submit_scan(std::unique_ptr<Task>& task) override { return scans_.push(task); }
    bool submit_click(PendingClick& click) override { return inbox_.push(click); }
    bool healthy() const override { return healthy_ && !broken_; }

    void stop() override {
        inbox_.close();
        reads_.close();
        scans_.close();
        if (writer_.joinable()) writer_.join();
        syncer_.stop();
        for (auto& reader : readers_) {
            if (reader.joinable()) reader.join();
        }
    }

  private:
    void fill_recent_clicks() {
        connection_->begin(kOperator);
        Tx tx(*connection_, parts_.env, std::string(kOperator));
        each_recent_touch(tx, tx.now_ms() - limits::kClickDedupMs, [&](const Touch& touch) {
            // Made while the clock was wrong: it must not push out those of this hour.
            if (touch.at_ms > tx.now_ms() + limits::kClickDedupMs) return;
            parts_.recent.remember(recent_key(touch), touch.touch_id, touch.at_ms, 0);
        });
        connection_->rollback();
    }

    void write_loop() {
        for (;;) {
            // While something is wrong, nobody may come to find out that it is right again.
            auto group = inbox_.take(healthy_ ? kLookInterval : kProbeInterval);
            if (!group) return;
            if (group->size() > 0) {
                commit_group(*group);
            } else if (!healthy_) {
                probe();
            }
            look_for_strangers();
            if (!broken_) checkpointer_.after_commit(*connection_);
        }
    }

    // Commands may change the file while the server runs, and what they changed is unknown: then
    // every cache starts over.
    void look_for_strangers() {
        const auto now = std::chrono::steady_clock::now();
        if (broken_ || now - looked_at_ < kLookInterval) return;
        looked_at_ = now;
        try {
            std::int64_t version = 0;
            connection_->query(kDataVersion, {}, [&](const Row& row) { version = row.int64(0); });
            if (version != data_version_ && data_version_ != 0) announce(parts_.options, {"*"});
            data_version_ = version;
        } catch (const Fault& fault) {
            note_broken(fault);
        }
    }

    // What one commit answers. `errors[i]` belongs to tasks[i]: set when it must not finish().
    struct Outcome {
        std::vector<std::optional<Error>> errors;
        std::vector<RecordedClick> clicks;
        std::optional<Error> click_error;
        std::vector<std::string> invalidated;
        bool wakes_jobs = false;
        Counters counters;
    };

    void commit_group(Group& group) {
        Outcome outcome;
        outcome.errors.resize(group.tasks.size());
        if (const auto fault = try_commit(group, outcome)) {
            if (fault->kind() != FaultKind::Bug || group.size() == 1) return refuse(group, *fault);
            // One of them is at fault where no savepoint could hold it: each half by itself.
            auto rest = split_off_half(group);
            commit_group(group);
            commit_group(rest);
            return;
        }
        healthy_ = true;
        ++parts_.stats.commits;
        parts_.stats.use_cases += static_cast<std::int64_t>(group.tasks.size());
        parts_.stats.clicks += static_cast<std::int64_t>(outcome.clicks.size());
        announce(parts_.options, outcome.invalidated);
        if (outcome.wakes_jobs) announce_jobs(parts_.options);
        ++commit_;
        if (!outcome.click_error) {
            remember_clicks(parts_.recent, group.clicks, outcome.clicks, commit_);
        }
        syncer_.after_commit([this, commit = commit_, group = std::move(group),
                              outcome = std::move(outcome)](const Fault* fault) mutable {
            if (fault != nullptr) {
                note_broken(*fault);
                return refuse(group, *fault);
            }
            parts_.recent.note_durable(commit);
            answer_together(parts_.options, [&] { answer(group, outcome); });
        });
    }

    std::optional<Fault> try_commit(Group& group, Outcome& outcome) {
        // After a failed fsync nobody knows what is on the disk, whatever later ones say.
        if (broken_) return Fault(FaultKind::Broken, "the disk failed before");
        try {
            connection_->begin(kOperator);
            for (std::size_t i = 0; i < group.tasks.size(); ++i) {
                run_task(*group.tasks[i], outcome, outcome.errors[i]);
            }
            if (!group.clicks.empty()) run_clicks(group.clicks, outcome);
            open_old_days(*connection_, outcome.counters, parts_.env.now_ms());
            outcome.counters.flush(*connection_, 0);
            connection_->commit();
            return std::nullopt;
        } catch (const Fault& fault) {
            return undo(fault);
        } catch (const std::exception& bug) {
            return undo(Fault(FaultKind::Bug, bug.what()));
        }
    }

    Fault undo(const Fault& fault) {
        ++parts_.stats.faults;
        note_broken(fault);
        try {
            connection_->rollback();
        } catch (const Fault& second) {
            log(LogLevel::Error, "rollback_failed", {{"what", second.what()}});
        }
        return fault;
    }

    // Runs `body` in a savepoint. What concerns it alone (a bug, a lost race) rolls back that
    // savepoint alone and is returned; any other fault concerns the group and passes through.
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
            const bool alone =
                fault.kind() == FaultKind::Bug || fault.kind() == FaultKind::Retryable;
            if (!alone) throw;
            return undo_savepoint(fault);
        } catch (const std::exception& bug) {
            return undo_savepoint(Fault(FaultKind::Bug, bug.what()));
        }
    }

    Error undo_savepoint(const Fault& fault) {
        connection_->rollback_to_savepoint();
        ++parts_.stats.faults;
        return error_of(fault);
    }

    TxContext context_of(const Outcome& outcome) const {
        return {.recent_clicks = &parts_.recent,
                .payloads = parts_.options.payloads,
                .earlier = &outcome.counters};
    }

    void run_task(Task& task, Outcome& outcome, std::optional<Error>& error) {
        Tx tx(*connection_, parts_.env, task.workspace_id, context_of(outcome));
        bool keep = false;
        error = in_savepoint([&] { return keep = task.run(tx); });
        if (error || !keep) return;
        outcome.counters.merge(std::move(tx.counters()));
        std::ranges::move(tx.invalidated(), std::back_inserter(outcome.invalidated));
        outcome.wakes_jobs = outcome.wakes_jobs || tx.wakes_jobs();
    }

    void run_clicks(std::vector<PendingClick>& clicks, Outcome& outcome) {
        Tx tx(*connection_, parts_.env, std::string(kOperator), context_of(outcome));
        outcome.click_error = in_savepoint([&] {
            outcome.clicks = record_batch(tx, parts_.options, clicks);
            return true;
        });
        if (outcome.click_error && clicks.size() > 1) {
            throw Fault(FaultKind::Bug, "one click of a batch cannot be recorded");
        }
        if (!outcome.click_error) outcome.counters.merge(std::move(tx.counters()));
    }

    void answer(Group& group, Outcome& outcome) {
        for (std::size_t i = 0; i < group.tasks.size(); ++i) {
            answer_task(*group.tasks[i], std::move(outcome.errors[i]));
        }
        if (outcome.click_error) {
            refuse_clicks(parts_.stats, group.clicks, *outcome.click_error);
        } else {
            answer_clicks(group.clicks, outcome.clicks);
        }
    }

    // Nothing of the group was committed: everybody hears so.
    void refuse(Group& group, const Fault& fault) {
        if (fault.kind() != FaultKind::Bug) healthy_ = false;
        const auto error = error_of(fault);
        for (auto& task : group.tasks) answer_task(*task, error);
        refuse_clicks(parts_.stats, group.clicks, error);
    }

    // From the writer, the syncer and the checkpointer.
    void note_broken(const Fault& fault) {
        if (fault.kind() != FaultKind::Broken || broken_.exchange(true)) return;
        announce_broken(parts_.options, fault.what());
    }

    // The smallest commit there is: it takes room in the log.
    void probe() {
        if (broken_) return;
        try {
            connection_->run_script("pragma user_version=0");
            healthy_ = true;
        } catch (const Fault& fault) {
            undo(fault);
        }
    }

    void read_loop(WorkQueue<std::unique_ptr<Task>>& queue,
                   std::unique_ptr<SqliteConnection>& connection) {
        for (;;) {
            auto tasks = queue.pop(1);
            if (tasks.empty()) return;
            auto& task = *tasks.front();
            answer_task(task, try_read(connection, task));
        }
    }

    std::optional<Error> try_read(std::unique_ptr<SqliteConnection>& connection, Task& task) {
        try {
            if (!connection) connection = connect_sqlite(path_, Access::ReadOnly);
            connection->begin(task.workspace_id);
            Tx tx(*connection, parts_.env, task.workspace_id);
            task.run(tx);
            connection->rollback();
            return std::nullopt;
        } catch (const Fault& fault) {
            return abandon_read(connection, fault);
        } catch (const std::exception& bug) {
            return abandon_read(connection, Fault(FaultKind::Bug, bug.what()));
        }
    }

    // A new connection has no transaction left open, whatever state the old one was in.
    Error abandon_read(std::unique_ptr<SqliteConnection>& connection, const Fault& fault) {
        ++parts_.stats.faults;
        connection.reset();
        return error_of(fault);
    }

    EngineParts parts_;
    std::string path_;
    std::atomic<bool> healthy_{true};
    std::atomic<bool> broken_{false};
    std::unique_ptr<SqliteConnection> connection_;
    std::uint64_t commit_ = 0;                           // of the writer's thread: the last one
    std::int64_t data_version_ = 0;                      // of the writer's thread
    std::chrono::steady_clock::time_point looked_at_{};  // of the writer's thread
    SqliteLogSyncer syncer_;
    SqliteCheckpointer checkpointer_;
    WriterInbox inbox_;
    WorkQueue<std::unique_ptr<Task>> reads_;
    WorkQueue<std::unique_ptr<Task>> scans_;
    std::thread writer_;
    std::vector<std::thread> readers_;
};

}  // namespace

std::unique_ptr<Engine> make_sqlite_engine(EngineParts parts) {
    return std::make_unique<SqliteEngine>(parts);
}

}  // namespace hw
