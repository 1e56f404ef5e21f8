// SPDX-License-Identifier: Apache-2.0
#include "jobs/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "jobs/copy_avatar.hpp"
#include "jobs/deliver_webhook.hpp"

namespace hw {
namespace {

constexpr std::size_t kWorkspacesPerLook = 64;
constexpr std::string_view kLeaseLost = "lease_lost";
constexpr std::size_t kWhyBytesMax = 500;

// What went wrong may quote bytes of others, which the database need not take.
std::string storable(std::string_view why) {
    auto text = valid_utf8(utf8_prefix(why, kWhyBytesMax));
    std::erase(text, '\0');
    return text;
}

JobKinds job_kinds(Db& db, HttpClient& http, const std::string& public_url) {
    JobKinds kinds;
    kinds.push_back(std::make_unique<CopyAvatar>(http, public_url));
    kinds.push_back(std::make_unique<DeliverWebhook>(db, http));
    return kinds;
}

}  // namespace

std::int64_t backoff_ms(const JobRunnerOptions& options, std::int64_t attempts, Env& env) {
    auto pause_ms = options.backoff_first_ms;
    for (std::int64_t i = 1; i < attempts && pause_ms < options.backoff_most_ms; ++i) pause_ms *= 2;
    pause_ms = std::min(pause_ms, options.backoff_most_ms);
    const auto chance_ms = static_cast<std::uint64_t>(pause_ms / 2) + 1;
    return pause_ms - static_cast<std::int64_t>(env.random_64() % chance_ms);
}

JobRunner::JobRunner(Db& db, HttpClient& http, const JobRunnerOptions& options)
    : JobRunner(db, job_kinds(db, http, options.public_url), periodic_tasks(), options) {}

JobRunner::JobRunner(Db& db, JobKinds kinds, std::vector<PeriodicTask> periodic,
                     JobRunnerOptions options)
    : db_(db),
      kinds_(std::move(kinds)),
      periodic_(db, std::move(periodic)),
      options_(std::move(options)) {}

JobRunner::~JobRunner() {
    stop();
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
    const auto jobs = claim(options_.threads);
    for (const auto& job : jobs) attempt(job);
    return jobs.size();
}

void JobRunner::dispatch_loop() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        nudged_ = false;
        const auto idle = options_.threads - open_total_;
        lock.unlock();
        auto jobs = idle > 0 ? claim(idle) : std::vector<Job>{};
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

void JobRunner::work_loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_workers_.wait(lock, [&] { return !waiting_.empty() || drained_; });
        if (waiting_.empty()) return;
        const auto job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        attempt(job);
        nudge();  // a thread is idle, and this workspace may have more
        lock.lock();
    }
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

// Those with due work, beginning behind the one that was served last.
std::vector<std::string> JobRunner::next_workspaces() {
    auto found = db_.read_now<std::vector<std::string>>(
        std::string(kOperator), [this](Tx& tx) -> Result<std::vector<std::string>> {
            auto names = workspaces_with_due_jobs(tx, served_last_, kWorkspacesPerLook);
            if (served_last_.empty() || names.size() == kWorkspacesPerLook) return names;
            auto first = workspaces_with_due_jobs(tx, "", kWorkspacesPerLook - names.size());
            std::erase_if(first, [&](const auto& name) { return name > served_last_; });
            std::ranges::move(first, std::back_inserter(names));
            return names;
        });
    return found ? std::move(*found) : std::vector<std::string>{};
}

std::vector<Job> JobRunner::claim(std::size_t most) {
    std::vector<Job> jobs;
    for (const auto& workspace_id : next_workspaces()) {
        if (jobs.size() >= most) break;
        auto claimed = claim_of(workspace_id, most - jobs.size());
        std::ranges::move(claimed, std::back_inserter(jobs));
        served_last_ = workspace_id;
    }
    return jobs;
}

std::vector<Job> JobRunner::claim_of(const std::string& workspace_id, std::size_t most) {
    {
        const std::scoped_lock lock(mutex_);
        const auto open = open_.find(workspace_id);
        const auto taken = open == open_.end() ? 0 : open->second;
        most = std::min(most, options_.jobs_per_workspace - taken);
    }
    if (most == 0) return {};
    auto claimed =
        db_.write_now<std::vector<Job>>(workspace_id, [&](Tx& tx) -> Result<std::vector<Job>> {
            return claim_jobs(tx, workspace_id, options_.lease_ms, static_cast<std::int64_t>(most));
        });
    if (!claimed || claimed->empty()) return {};
    const std::scoped_lock lock(mutex_);
    open_[workspace_id] += claimed->size();
    open_total_ += claimed->size();
    return std::move(*claimed);
}

void JobRunner::attempt(const Job& job) {
    settle(job, outcome_of(job));
    const std::scoped_lock lock(mutex_);
    const auto open = open_.find(job.workspace_id);
    if (--open->second == 0) open_.erase(open);
    --open_total_;
}

JobKind* JobRunner::kind_of(const Job& job) const {
    const auto found =
        std::ranges::find_if(kinds_, [&](const auto& kind) { return kind->name() == job.kind; });
    return found == kinds_.end() ? nullptr : found->get();
}

JobOutcome JobRunner::outcome_of(const Job& job) {
    auto* const kind = kind_of(job);
    // A newer node of the same database may know it.
    if (kind == nullptr) {
        return JobOutcome::again(fmt::format("this server knows no job \"{}\"", job.kind));
    }
    // Only attempts that never came to an end get here: the job must not take the server down
    // again.
    if (job.attempts > 1 && !pause_ms(job, job.attempts - 1)) {
        return JobOutcome::never("the server ended in the middle of every attempt");
    }
    try {
        return kind->run(job);
    } catch (const std::exception& fault) {
        return JobOutcome::again(fmt::format("fault: {}", fault.what()));
    }
}

bool JobRunner::gives_up(const Job& job, const JobOutcome& outcome) const {
    if (outcome.verdict == JobOutcome::Verdict::Done) return false;
    if (outcome.verdict == JobOutcome::Verdict::Snooze) return false;
    return outcome.verdict == JobOutcome::Verdict::Never || !pause_ms(job, job.attempts);
}

std::optional<std::int64_t> JobRunner::pause_ms(const Job& job, std::int64_t attempts) const {
    auto* const kind = kind_of(job);
    const auto wanted =
        kind == nullptr ? JobKind::kAsConfigured : kind->pause_ms(attempts, db_.env());
    if (wanted != JobKind::kAsConfigured) return wanted;
    if (attempts >= options_.attempts_max) return std::nullopt;
    return backoff_ms(options_, attempts, db_.env());
}

Result<void> JobRunner::write_outcome(Tx& tx, const Job& job, const JobOutcome& outcome) {
    const auto lost =
        fail(ErrorCode::Conflict, "Another worker has this job.", std::string(kLeaseLost));
    if (!settle_job(tx, job, outcome)) return lost;
    if (outcome.apply) outcome.apply(tx);
    if (!gives_up(job, outcome)) return {};
    if (auto* const kind = kind_of(job)) kind->give_up(tx, job);
    return {};
}

bool JobRunner::settle_job(Tx& tx, const Job& job, const JobOutcome& outcome) {
    using Verdict = JobOutcome::Verdict;
    const auto why = storable(outcome.why);
    if (outcome.verdict == Verdict::Done) return finish_job(tx, job);
    if (outcome.verdict == Verdict::Snooze) {
        return snooze_job(tx, job, tx.now_ms() + outcome.after_ms, why);
    }
    if (gives_up(job, outcome)) return bury_job(tx, job, why);
    const auto wait_ms = std::max(outcome.after_ms, pause_ms(job, job.attempts).value_or(0));
    return retry_job(tx, job, tx.now_ms() + wait_ms, why);
}

void JobRunner::settle(const Job& job, const JobOutcome& outcome) {
    const auto settled = db_.write_now<bool>(job.workspace_id, [&](Tx& tx) -> Result<bool> {
        HW_CHECK(write_outcome(tx, job, outcome));
        return true;
    });
    if (settled) return count(job, outcome);
    log(LogLevel::Warn, "job_not_settled",
        {{"job", job.job_id}, {"kind", job.kind}, {"why", settled.error().message}});
    if (settled.error().reason == kLeaseLost) {
        ++stats_.leases_lost;
        return;
    }
    // Without a database the lease runs out, and the job is claimed again.
    if (settled.error().code == ErrorCode::Unavailable) return;
    // It is the work itself that cannot be written: then that is the outcome.
    if (outcome.verdict == JobOutcome::Verdict::Done) {
        return settle(job, JobOutcome::again("what it made could not be written"));
    }
    bury(job, outcome.why);
}

// Without what its kind would write.
void JobRunner::bury(const Job& job, const std::string& why) {
    const auto buried = db_.write_now<bool>(
        job.workspace_id, [&](Tx& tx) -> Result<bool> { return bury_job(tx, job, storable(why)); });
    if (buried && *buried) ++stats_.dead;
}

void JobRunner::count(const Job& job, const JobOutcome& outcome) {
    if (outcome.verdict == JobOutcome::Verdict::Done) {
        ++stats_.done;
    } else if (!gives_up(job, outcome)) {
        ++stats_.retried;
    } else {
        ++stats_.dead;
        log(LogLevel::Warn, "job_dead",
            {{"job", job.job_id},
             {"kind", job.kind},
             {"workspace", job.workspace_id},
             {"why", outcome.why}});
    }
}

}  // namespace hw
