// SPDX-License-Identifier: Apache-2.0
// Runs the work that use cases left in the jobs table: each job at least once, a few of every
// workspace at a time, again with growing pauses when it fails, dead with its reason in the end.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/http_client.hpp"
#include "jobs/job_kind.hpp"
#include "jobs/periodic.hpp"
#include "store/db.hpp"

namespace hw {

struct JobRunnerOptions {
    std::string public_url{};  // where browsers reach this server, without a slash at its end
    std::size_t threads = 8;
    std::size_t jobs_per_workspace = 2;  // at the same time, on this node
    std::int64_t period_ms = 1'000;      // between looks for work, when nobody nudges
    std::int64_t lease_ms = 120'000;     // longer than any attempt takes
    std::int64_t attempts_max = 6;
    std::int64_t backoff_first_ms = 15'000;  // doubles with every attempt
    std::int64_t backoff_most_ms = 3'600'000;
};

struct JobStats {
    std::atomic<std::int64_t> done{0};
    std::atomic<std::int64_t> retried{0};
    std::atomic<std::int64_t> dead{0};
    std::atomic<std::int64_t> leases_lost{0};
};

using JobKinds = std::vector<std::unique_ptr<JobKind>>;

class JobRunner {
  public:
    // With every kind of job and all periodic work that there is.
    JobRunner(Db& db, HttpClient& http, const JobRunnerOptions& options);
    JobRunner(Db& db, JobKinds kinds, std::vector<PeriodicTask> periodic, JobRunnerOptions options);
    ~JobRunner();
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

    void start();
    void stop();   // returns when the attempts under way have ended; the rest stays for later
    void nudge();  // there is new work: look now. From any thread, cheap

    // Without start(): one look for work, done on this thread. How many attempts that made.
    std::size_t step();

    const JobStats& stats() const { return stats_; }

  private:
    void dispatch_loop();
    void work_loop();
    void periodic_loop();
    std::vector<std::string> next_workspaces();
    std::vector<Job> claim(std::size_t most);
    std::vector<Job> claim_of(const std::string& workspace_id, std::size_t most);
    void attempt(const Job& job);
    JobOutcome outcome_of(const Job& job);
    void settle(const Job& job, const JobOutcome& outcome);
    void bury(const Job& job, const std::string& why);
    Result<void> write_outcome(Tx& tx, const Job& job, const JobOutcome& outcome);
    bool settle_job(Tx& tx, const Job& job, const JobOutcome& outcome);
    bool gives_up(const Job& job, const JobOutcome& outcome) const;
    std::optional<std::int64_t> pause_ms(const Job& job, std::int64_t attempts) const;
    void count(const Job& job, const JobOutcome& outcome);
    JobKind* kind_of(const Job& job) const;

    Db& db_;
    JobKinds kinds_;
    PeriodicWork periodic_;
    JobRunnerOptions options_;
    JobStats stats_;
    std::string served_last_;  // workspace at which the last look ended; of the claiming thread

    std::mutex mutex_;  // for what follows
    std::condition_variable wake_dispatcher_;
    std::condition_variable wake_workers_;
    std::condition_variable wake_periodic_;
    bool nudged_ = false;
    bool stopped_ = false;  // no more claims
    bool drained_ = false;  // the last claim was handed out
    std::deque<Job> waiting_;
    std::map<std::string, std::size_t> open_;  // jobs of each workspace claimed and not settled
    std::size_t open_total_ = 0;
    std::vector<std::thread> workers_;
    std::thread dispatcher_;
    std::thread periodic_thread_;
};

// How long to wait before the attempt after `attempts`: doubling, and half of it by chance, so that
// what failed together does not come back together.
std::int64_t backoff_ms(const JobRunnerOptions& options, std::int64_t attempts, Env& env);

}  // namespace hw
