// SPDX-License-Identifier: Apache-2.0
#include "jobs/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>

#include "base/limits.hpp"
#include "jobs/copy_avatar.hpp"
#include "jobs/decide_again.hpp"
#include "jobs/deliver_webhook.hpp"
#include "jobs/process_inbox.hpp"
#include "store/job_list.hpp"

namespace hw {
namespace {

constexpr std::int64_t kMeasurePeriodMs = 15'000;
constexpr std::int64_t kSignsPerLease = 3;

JobKinds job_kinds(Db& db, HttpClient& http, const JobRunnerOptions& options) {
    JobKinds kinds;
    kinds.push_back(std::make_unique<CopyAvatar>(http, options.public_url));
    kinds.push_back(std::make_unique<DecideAgain>());
    kinds.push_back(std::make_unique<DeliverWebhook>(db, http));
    kinds.push_back(std::make_unique<ProcessInbox>(db, options.providers));
    return kinds;
}

// For how long an attempt takes, whatever happens to the time of day.
std::int64_t attempt_clock_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

JobRunner::JobRunner(Db& db, HttpClient& http, const JobRunnerOptions& options)
    : JobRunner(db, job_kinds(db, http, options),
                with_measure(periodic_tasks({.page_view_days = options.page_view_days})), options) {
}

JobRunner::JobRunner(Db& db, JobKinds kinds, std::vector<PeriodicTask> periodic,
                     JobRunnerOptions options)
    : db_(db),
      kinds_(std::move(kinds)),
      options_(std::move(options)),
      clock_(db.env(), options_.steady_ms),
      held_(options_),
      claims_(db, kinds_, options_, held_, clock_),
      settler_(db, kinds_, options_, clock_, stats_),
      periodic_(db, std::move(periodic)) {
    for (const auto& kind : kinds_) {
        kind->set_backoff({.attempts_max = options_.attempts_max,
                           .first_ms = options_.backoff_first_ms,
                           .most_ms = options_.backoff_most_ms});
    }
}

JobRunner::~JobRunner() {
    stop();
}

std::vector<PeriodicTask> JobRunner::with_measure(std::vector<PeriodicTask> tasks) {
    tasks.push_back({"measure_jobs", kMeasurePeriodMs, [this](Db&) { return measure(); }});
    return tasks;
}

void JobRunner::start() {
    for (std::size_t i = 0; i < options_.threads; ++i) {
        workers_.emplace_back([this] { work_loop(); });
    }
    dispatcher_ = std::thread([this] { dispatch_loop(); });
    periodic_thread_ = std::thread([this] { periodic_loop(); });
}

void JobRunner::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    wake_dispatcher_.notify_all();
    wake_periodic_.notify_all();
    if (dispatcher_.joinable()) dispatcher_.join();
    {
        const std::scoped_lock lock(mutex_);
        drained_ = true;
    }
    wake_workers_.notify_all();
    for (auto& worker : workers_) {
        if (worker.joinable()) worker.join();
    }
    if (periodic_thread_.joinable()) periodic_thread_.join();
}

void JobRunner::nudge() {
    {
        const std::scoped_lock lock(mutex_);
        nudged_ = true;
    }
    wake_dispatcher_.notify_one();
}

std::size_t JobRunner::step() {
    auto jobs = claims_.claim(options_.threads);
    for (auto& job : jobs) {
        const std::vector<Attempted> attempted{attempt(std::move(job))};
        settler_.settle(attempted);
        held_.remove(attempted.front().job);
    }
    return jobs.size();
}

void JobRunner::dispatch_loop() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        nudged_ = false;
        lock.unlock();
        extend_leases_when_due();
        const auto idle = held_.idle();
        auto jobs = idle > 0 ? claims_.claim(idle) : std::vector<Job>{};
        lock.lock();
        if (!jobs.empty()) {
            std::ranges::move(jobs, std::back_inserter(waiting_));
            wake_workers_.notify_all();
            continue;  // there may be more
        }
        wake_dispatcher_.wait_for(lock, std::chrono::milliseconds(options_.period_ms),
                                  [&] { return nudged_ || stopped_; });
    }
}

void JobRunner::extend_leases_when_due() {
    const auto now_ms = attempt_clock_ms();
    if (now_ms - leases_extended_ms_ < options_.lease_ms / kSignsPerLease) return;
    leases_extended_ms_ = now_ms;
    claims_.extend_leases();
}

void JobRunner::work_loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_workers_.wait(lock, [&] { return !waiting_.empty() || drained_; });
        if (waiting_.empty()) return;
        auto job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        auto attempted = attempt(std::move(job));
        lock.lock();
        settle(lock, std::move(attempted));
    }
}

// One worker settles what others brought meanwhile: many in one transaction, and none waits for
// company.
void JobRunner::settle(std::unique_lock<std::mutex>& lock, Attempted attempted) {
    attempted_.push_back(std::move(attempted));
    if (settling_) return;
    settling_ = true;
    while (!attempted_.empty()) {
        const auto batch = std::exchange(attempted_, {});
        lock.unlock();
        settler_.settle(batch);
        for (const auto& each : batch) held_.remove(each.job);
        nudge();  // threads are idle, and these workspaces may have more
        lock.lock();
    }
    settling_ = false;
}

void JobRunner::periodic_loop() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        lock.unlock();
        periodic_.run_due();
        lock.lock();
        wake_periodic_.wait_for(lock, std::chrono::milliseconds(options_.period_ms),
                                [&] { return stopped_; });
    }
}

Attempted JobRunner::attempt(Job job) {
    ++stats_.attempts;
    const auto began_ms = attempt_clock_ms();
    auto outcome = outcome_of(job);
    held_.note_attempt(job, attempt_clock_ms() - began_ms);
    return {std::move(job), std::move(outcome)};
}

JobOutcome JobRunner::outcome_of(const Job& job) {
    auto* const kind = settler_.kind_of(job);
    // A newer node of the same database may know it.
    if (kind == nullptr) {
        return JobOutcome::again(fmt::format("this server knows no job \"{}\"", job.kind), 0,
                                 false);
    }
    // Only attempts that never came to an end get here: the job must not take the server down
    // again.
    if (job.attempts > 1 && !kind->pause_ms(job.attempts - 1, db_.env())) {
        return JobOutcome::never("the server ended in the middle of every attempt");
    }
    try {
        return kind->run(job);
    } catch (const std::exception& fault) {
        return JobOutcome::again(fmt::format("fault: {}", fault.what()), 0, false);
    }
}

Result<void> JobRunner::measure() {
    const auto depths =
        HW_TRY(db_.read_now<JobDepths>(std::string(kOperator), [](Tx& tx) -> Result<JobDepths> {
            return count_jobs(tx, limits::kJobDepthMax);
        }));
    stats_.depth_ready = depths.ready;
    stats_.depth_waiting = depths.waiting;
    stats_.depth_running = depths.running;
    stats_.depth_blocked = depths.blocked;
    stats_.depth_dead = depths.dead;
    const auto oldest_ms = depths.oldest_ready_at_ms;
    stats_.oldest_ready_age_ms =
        oldest_ms == 0 ? 0 : std::max<std::int64_t>(0, db_.env().now_ms() - oldest_ms);
    return {};
}

}  // namespace hw
