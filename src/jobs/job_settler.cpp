// SPDX-License-Identifier: Apache-2.0
#include "jobs/job_settler.hpp"

#include <algorithm>
#include <map>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "store/job_destinations.hpp"

namespace hw {
namespace {

constexpr std::size_t kWhyBytesMax = 500;

using Verdict = JobOutcome::Verdict;

// What went wrong may quote bytes of others, which the database need not take.
std::string storable(std::string_view why) {
    auto text = valid_utf8(utf8_prefix(why, kWhyBytesMax));
    std::erase(text, '\0');
    return text;
}

}  // namespace

JobSettler::JobSettler(Db& db, const JobKinds& kinds, const JobRunnerOptions& options,
                       SlewedClock& clock, JobStats& stats)
    : db_(db),
      kinds_(kinds),
      options_(options),
      clock_(clock),
      stats_(stats),
      unknown_kind_{.attempts_max = options.attempts_max,
                    .first_ms = options.backoff_first_ms,
                    .most_ms = options.backoff_most_ms} {}

JobKind* JobSettler::kind_of(const Job& job) const {
    const auto found =
        std::ranges::find_if(kinds_, [&](const auto& kind) { return kind->name() == job.kind; });
    return found == kinds_.end() ? nullptr : found->get();
}

void JobSettler::settle(std::span<const Attempted> attempts) {
    std::map<std::pair<std::string_view, std::string_view>, std::vector<const Attempted*>> done;
    for (const auto& each : attempts) {
        if (each.outcome.verdict == Verdict::Done) {
            done[{each.job.workspace_id, each.job.lease}].push_back(&each);
        } else {
            settle_one(each);
        }
    }
    for (const auto& [lease, of_one] : done) settle_done(of_one);
}

// In one transaction; when that does not work, one by one, so that one bad result spoils no other.
void JobSettler::settle_done(std::span<const Attempted* const> attempts) {
    if (attempts.size() == 1) return settle_one(*attempts.front());
    std::vector<const Job*> jobs;
    for (const auto* each : attempts) jobs.push_back(&each->job);
    const auto finished = db_.write_now<std::vector<std::string>>(
        jobs.front()->workspace_id, [&](Tx& tx) -> Result<std::vector<std::string>> {
            auto ids = finish_jobs(tx, jobs);
            std::ranges::sort(ids);
            for (const auto* each : attempts) {
                if (!std::ranges::binary_search(ids, each->job.job_id)) continue;
                if (each->outcome.apply) each->outcome.apply(tx);
                const auto& to = each->job.destination;
                if (!to.empty()) forgive_destination(tx, each->job.workspace_id, to);
            }
            return ids;
        });
    for (const auto* each : attempts) {
        if (!finished) {
            settle_one(*each);
        } else {
            count(*each, {.held = std::ranges::binary_search(*finished, each->job.job_id)});
        }
    }
}

void JobSettler::settle_one(const Attempted& attempted) {
    const auto written =
        db_.write_now<Written>(attempted.job.workspace_id,
                               [&](Tx& tx) -> Result<Written> { return write(tx, attempted); });
    if (written) return count(attempted, *written);
    settle_otherwise(attempted, written.error());
}

// It is the work itself that cannot be written: then that is the outcome.
void JobSettler::settle_otherwise(const Attempted& attempted, const Error& why) {
    const auto& job = attempted.job;
    log(LogLevel::Warn, "job_not_settled",
        {{"job", job.job_id}, {"kind", job.kind}, {"why", why.message}});
    // Without a database the lease runs out, and the job is claimed again.
    if (why.code == ErrorCode::Unavailable) return;
    auto otherwise = attempted;
    if (otherwise.outcome.verdict == Verdict::Done) {
        otherwise.outcome = JobOutcome::again("what it made could not be written", 0, false);
        return settle_one(otherwise);
    }
    if (otherwise.outcome.apply) {
        otherwise.outcome.apply = {};
        return settle_one(otherwise);
    }
    const auto buried = db_.write_now<bool>(job.workspace_id, [&](Tx& tx) -> Result<bool> {
        return bury_job(tx, job, storable(attempted.outcome.why));
    });
    if (buried && *buried) ++stats_.dead;
}

JobSettler::Written JobSettler::write(Tx& tx, const Attempted& attempted) {
    const auto& [job, outcome] = attempted;
    Written written;
    if (outcome.verdict == Verdict::Done) {
        written.held = finish_job(tx, job);
        if (written.held && !job.destination.empty()) {
            forgive_destination(tx, job.workspace_id, job.destination);
        }
    } else if (outcome.verdict == Verdict::Snooze) {
        written.held =
            snooze_job(tx, job, clock_.now_ms() + std::max<std::int64_t>(0, outcome.after_ms),
                       storable(outcome.why));
    } else {
        written = write_again(tx, attempted);
    }
    if (written.held && outcome.apply) outcome.apply(tx);
    return written;
}

JobSettler::Written JobSettler::write_again(Tx& tx, const Attempted& attempted) {
    const auto& [job, outcome] = attempted;
    auto* const kind = kind_of(job);
    const auto why = storable(outcome.why);
    std::optional<std::int64_t> pause_ms;
    if (outcome.verdict == Verdict::Again) {
        if (kind != nullptr) {
            pause_ms = kind->pause_ms(job.attempts, tx.env());
        } else if (job.attempts < unknown_kind_.attempts_max) {
            pause_ms = backoff_ms(unknown_kind_, job.attempts, tx.env());
        }
    }
    Written written{.dead = !pause_ms};
    if (pause_ms) {
        const auto run_at_ms = clock_.now_ms() + std::max(*pause_ms, outcome.after_ms);
        written.held = retry_job(tx, job, run_at_ms, why);
    } else {
        written.held = bury_job(tx, job, why);
    }
    if (!written.held) return written;
    if (written.dead && kind != nullptr) kind->give_up(tx, job);
    written.broken_off = write_failure(tx, attempted);
    return written;
}

// True when this failure was the one too many.
bool JobSettler::write_failure(Tx& tx, const Attempted& attempted) {
    const auto& [job, outcome] = attempted;
    if (!outcome.blames_destination || job.destination.empty()) return false;
    const auto failures =
        add_destination_failure(tx, job.workspace_id, job.destination, storable(outcome.why));
    if (failures < options_.breaker_failures) return false;
    // Not all nodes at the same moment, so a part of it is chance.
    const auto rest = rest_ms(failures);
    const auto chance_ms =
        static_cast<std::int64_t>(tx.env().random_64() % static_cast<std::uint64_t>(rest / 4 + 1));
    const auto until_ms = clock_.now_ms() + std::max(rest - chance_ms, outcome.after_ms);
    break_off_destination(tx, job.workspace_id, job.destination, until_ms);
    return failures == options_.breaker_failures;
}

std::int64_t JobSettler::rest_ms(std::int64_t failures) const {
    auto rest = options_.breaker_first_ms;
    for (auto i = options_.breaker_failures; i < failures && rest < options_.breaker_most_ms; ++i) {
        rest *= 2;
    }
    return std::min(rest, options_.breaker_most_ms);
}

void JobSettler::count(const Attempted& attempted, const Written& written) {
    const auto& [job, outcome] = attempted;
    if (!written.held) {
        ++stats_.leases_lost;
        log(LogLevel::Warn, "job_lease_lost", {{"job", job.job_id}, {"kind", job.kind}});
        return;
    }
    if (written.broken_off) {
        ++stats_.breaker_opens;
        log(LogLevel::Warn, "job_destination_broken_off",
            {{"destination", job.destination}, {"workspace", job.workspace_id}});
    }
    if (outcome.verdict == Verdict::Done) {
        ++stats_.done;
    } else if (outcome.verdict == Verdict::Snooze) {
        ++stats_.snoozed;
    } else if (!written.dead) {
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
