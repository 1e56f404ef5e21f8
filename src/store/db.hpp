// SPDX-License-Identifier: Apache-2.0
// The database as the program sees it: a place to run use cases in transactions. Durable before
// acknowledged: a result arrives after its commit, or it is an error.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/env.hpp"
#include "base/error.hpp"
#include "base/fault.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// What became of a touch: its own id, or the id of the same visitor's click of the last hour.
struct RecordedClick {
    std::string click_id;
    bool repeated = false;
};

// The rule for a batch of clicks, core/record_clicks.hpp: one answer per touch, in order.
using RecordClicks = std::function<std::vector<RecordedClick>(Tx&, std::span<const Touch* const>)>;

struct DbOptions {
    std::string url;  // sqlite:PATH or postgres://...
    int writers = 8;  // PostgreSQL connections that run use cases; SQLite always has one
    int readers = 4;
    int scanners = 1;  // readers for what may take seconds, so that nobody else waits behind it
    RecordClicks record_clicks{};
    bool for_load = false;      // SQLite: 72 MB of log from the start, so that commits are faster
    bool async_clicks = false;  // answer clicks before their commit (counts what it lost)
    // The disk failed: nothing will be acknowledged any more. The program must end. Called once, on
    // a database thread.
    std::function<void(const std::string& why)> on_broken{};
    // Called with the answers of one commit, which it runs: so that they can leave together.
    std::function<void(FunctionRef<void()>)> around_answers{};
    // Renders what subscribers are told of an event; outlives the Db. Null: nobody has subscribed.
    EventPayloads* payloads = nullptr;
    // Another name that caches forget after a commit here or on another node, see Tx::invalidate.
    std::function<void(std::string_view name)> on_invalidate{};
    // A commit of this node left jobs. Those of other nodes are found by looking now and then.
    std::function<void()> on_jobs{};
};

struct DbStats {
    std::atomic<std::int64_t> commits{0};
    std::atomic<std::int64_t> use_cases{0};
    std::atomic<std::int64_t> clicks{0};
    std::atomic<std::int64_t> clicks_lost{0};  // --click-durability=async only
    std::atomic<std::int64_t> retries{0};
    std::atomic<std::int64_t> faults{0};
    std::atomic<std::int64_t> refused{0};  // queue full
    std::atomic<std::int64_t> checkpoints{0};
};

// One waiting use case. Made by Db; the engines only call it.
class Task {
  public:
    explicit Task(std::string workspace) : workspace_id(std::move(workspace)) {}
    virtual ~Task() = default;
    virtual bool run(Tx& tx) = 0;        // true: keep what it wrote. May run again after a rollback
    virtual void finish() = 0;           // after the commit (or rollback): hands out the result
    virtual void fail(Error error) = 0;  // instead of finish

    std::string workspace_id;
};

using ClickDone = std::move_only_function<void(Result<RecordedClick>)>;

struct PendingClick {
    Touch touch;
    ClickDone done;
};

// What differs between SQLite and PostgreSQL in running use cases.
class Engine {
  public:
    virtual ~Engine() = default;
    // False, and the argument untouched, when the queue is full.
    virtual bool submit_write(std::unique_ptr<Task>& task) = 0;
    virtual bool submit_read(std::unique_ptr<Task>& task) = 0;
    virtual bool submit_scan(std::unique_ptr<Task>& task) = 0;
    virtual bool submit_click(PendingClick& click) = 0;
    virtual bool healthy() const = 0;
    virtual void stop() = 0;  // finishes what is queued
};

class Db {
  public:
    Db(DbOptions options, Env& env);  // the schema must be current, see migrate.hpp
    ~Db();
    Db(const Db&) = delete;
    Db& operator=(const Db&) = delete;

    // Runs `work` in a transaction of that workspace and calls `done` on a database thread after
    // the commit. An Error from `work` rolls back what it wrote. Both must not block, and `work`
    // may run more than once.
    template <class T>
    void write(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
               std::move_only_function<void(Result<T>)> done);

    // The same on a snapshot that sees everything acknowledged so far; `work` must not write.
    template <class T>
    void read(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
              std::move_only_function<void(Result<T>)> done);

    // As read(), for work that may take seconds: analytics, exports.
    template <class T>
    void scan(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
              std::move_only_function<void(Result<T>)> done);

    // As write(), and rolls back whatever `work` gives: the result is what would have happened.
    template <class T>
    void dry_run(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
                 std::move_only_function<void(Result<T>)> done);

    // Blocking forms for commands, jobs and tests. Never call them on a database thread.
    template <class T>
    Result<T> write_now(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work);
    template <class T>
    Result<T> read_now(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work);

    template <class T>
    Result<T> dry_run_now(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work);

    // Records the click with others in one commit; `done` gets the id that counts.
    void record_click(Touch touch, ClickDone done);

    // The click of the same visitor on the same link within the hour, known to be durable.
    std::optional<std::string> recent_click(const Touch& touch, std::int64_t now_ms) const;

    bool healthy() const { return engine_->healthy(); }
    const DbStats& stats() const { return stats_; }
    EngineKind engine() const { return engine_of(options_.url); }
    Env& env() { return env_; }
    void stop() { engine_->stop(); }

  private:
    template <class T>
    class TypedTask;
    enum class Keep : std::uint8_t { Yes, No };
    enum class Lane : std::uint8_t { Write, Read, Scan };

    template <class T>
    Result<T> run_now(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
                      Keep keep, Lane lane);
    void submit(std::unique_ptr<Task> task, Lane lane);

    DbOptions options_;
    Env& env_;
    DbStats stats_;
    RecentClicks recent_;
    std::unique_ptr<Engine> engine_;
};

Error unavailable(std::string_view why);  // 503 with Retry-After; `why` goes to the reason

// ---- inline implementations ----

template <class T>
class Db::TypedTask : public Task {
  public:
    TypedTask(std::string workspace, std::move_only_function<Result<T>(Tx&)> work,
              std::move_only_function<void(Result<T>)> done, Keep keep)
        : Task(std::move(workspace)), work_(std::move(work)), done_(std::move(done)), keep_(keep) {}

    bool run(Tx& tx) override {
        result_.emplace(work_(tx));
        return result_->has_value() && keep_ == Keep::Yes;
    }
    void finish() override { done_(std::move(*result_)); }
    void fail(Error error) override { done_(std::unexpected(std::move(error))); }

  private:
    std::move_only_function<Result<T>(Tx&)> work_;
    std::move_only_function<void(Result<T>)> done_;
    std::optional<Result<T>> result_;
    Keep keep_;
};

template <class T>
void Db::write(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
               std::move_only_function<void(Result<T>)> done) {
    submit(std::make_unique<TypedTask<T>>(std::move(workspace_id), std::move(work), std::move(done),
                                          Keep::Yes),
           Lane::Write);
}

template <class T>
void Db::read(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
              std::move_only_function<void(Result<T>)> done) {
    submit(std::make_unique<TypedTask<T>>(std::move(workspace_id), std::move(work), std::move(done),
                                          Keep::No),
           Lane::Read);
}

template <class T>
void Db::scan(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
              std::move_only_function<void(Result<T>)> done) {
    submit(std::make_unique<TypedTask<T>>(std::move(workspace_id), std::move(work), std::move(done),
                                          Keep::No),
           Lane::Scan);
}

template <class T>
void Db::dry_run(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
                 std::move_only_function<void(Result<T>)> done) {
    submit(std::make_unique<TypedTask<T>>(std::move(workspace_id), std::move(work), std::move(done),
                                          Keep::No),
           Lane::Write);
}

template <class T>
Result<T> Db::run_now(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work,
                      Keep keep, Lane lane) {
    // The task owns the promise: this thread may be gone while set_value() still runs.
    std::promise<Result<T>> promise;
    auto future = promise.get_future();
    submit(std::make_unique<TypedTask<T>>(
               std::move(workspace_id), std::move(work),
               [mine = std::move(promise)](Result<T> result) mutable {
                   mine.set_value(std::move(result));
               },
               keep),
           lane);
    return future.get();
}

template <class T>
Result<T> Db::write_now(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work) {
    return run_now<T>(std::move(workspace_id), std::move(work), Keep::Yes, Lane::Write);
}

template <class T>
Result<T> Db::read_now(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work) {
    return run_now<T>(std::move(workspace_id), std::move(work), Keep::No, Lane::Read);
}

template <class T>
Result<T> Db::dry_run_now(std::string workspace_id, std::move_only_function<Result<T>(Tx&)> work) {
    return run_now<T>(std::move(workspace_id), std::move(work), Keep::No, Lane::Write);
}

}  // namespace hw
