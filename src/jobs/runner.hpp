// SPDX-License-Identifier: Apache-2.0
// Runs the work that use cases left in the jobs table: each job at least once, a few of every
// workspace and destination at a time, again with growing pauses when it fails, dead with its
// reason in the end. See docs/decisions/0012-queue.md.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/http_client.hpp"
#include "jobs/held_jobs.hpp"
#include "jobs/job_claims.hpp"
#include "jobs/job_kind.hpp"
#include "jobs/job_settler.hpp"
#include "jobs/periodic.hpp"
#include "jobs/runner_options.hpp"
#include "store/db.hpp"

namespace hw {

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

    // Puts the depths of the queue into stats(). A periodic task of the first constructor.
    Result<void> measure();

    const JobStats& stats() const { return stats_; }

  private:
    void dispatch_loop();
    void work_loop();
    void periodic_loop();
    void extend_leases_when_due();
    Attempted attempt(Job job);
    JobOutcome outcome_of(const Job& job);
    void settle(std::unique_lock<std::mutex>& lock, Attempted attempted);
    std::vector<PeriodicTask> with_measure(std::vector<PeriodicTask> tasks);

    Db& db_;
    JobKinds kinds_;
    JobRunnerOptions options_;
    JobStats stats_;
    SlewedClock clock_;
    HeldJobs held_;
    JobClaims claims_;
    JobSettler settler_;
    PeriodicWork periodic_;
    std::int64_t leases_extended_ms_ = 0;  // of the dispatching thread

    std::mutex mutex_;  // for what follows
    std::condition_variable wake_dispatcher_;
    std::condition_variable wake_workers_;
    std::condition_variable wake_periodic_;
    bool nudged_ = false;
    bool stopped_ = false;   // no more claims
    bool drained_ = false;   // the last claim was handed out
    bool settling_ = false;  // a worker is at `attempted_`
    std::deque<Job> waiting_;
    std::vector<Attempted> attempted_;
    std::vector<std::thread> workers_;
    std::thread dispatcher_;
    std::thread periodic_thread_;
};

}  // namespace hw
