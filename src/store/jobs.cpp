// SPDX-License-Identifier: Apache-2.0
#include "store/jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/fault.hpp"
#include "store/json_array.hpp"

namespace hw {
namespace {

constexpr int kTurnTriesMax = 100;

// Whoever has the dedupe_key or the turn already makes this insert nothing.
const Query kInsertJob{"insert_job", R"sql(
insert into jobs (workspace_id, job_id, kind, subject_id, payload, state, attempts, run_at_ms,
    lease, last_error, created_at_ms, priority, order_key, order_seq, dedupe_key, destination)
values ($1, $2, $3, $4, $5, $6, 0, $7, '', '', $8, $9, $10, $11, $12, $13)
on conflict do nothing returning 1
)sql"};

const Query kFindByDedupeKey{"find_job_by_dedupe_key", R"sql(
select job_id from jobs where workspace_id = $1 and dedupe_key = $2 and dedupe_key is not null
)sql"};

// The lock keeps the job at its turn from ending before this transaction has queued up behind it.
// SQLite has one writer.
constexpr auto kAtTurn = R"sql(
select job_id from jobs where workspace_id = $1 and order_key = $2 and order_key <> ''
    and state in ('ready', 'waiting', 'running', 'dead')
)sql";
const Query kLockJobAtTurn{"lock_job_at_turn", kAtTurn, std::string(kAtTurn) + "for update"};

const Query kLastInLine{"find_last_job_in_line", R"sql(
select order_seq from jobs where workspace_id = $1 and order_key = $2 and state = 'blocked'
order by order_seq desc limit 1
)sql"};

const Query kLetNextIn{"let_next_job_in", R"sql(
update jobs set state = case when run_at_ms > $3 then 'waiting' else 'ready' end
where workspace_id = $1 and job_id = (
    select job_id from jobs where workspace_id = $1 and order_key = $2 and state = 'blocked'
    order by order_seq limit 1)
)sql"};

// One at a time: the index finds the next workspace without reading the backlog of the one before.
// The order is all of the index's, so that none is taken that has the jobs that ended too.
const Query kNextWorkspaceWithReadyJob{"next_workspace_with_ready_job", R"sql(
select workspace_id from jobs where state = 'ready' and workspace_id > $1
order by workspace_id, destination, priority, run_at_ms limit 1
)sql"};

// From lane to lane by the index, whatever waits in each.
const Query kListJobLanes{"list_job_lanes", R"sql(
with recursive lanes(destination) as (
    select (select destination from jobs
        where workspace_id = $1 and state = 'ready' and destination >= $2
        order by destination limit 1)
    union all
    select (select j.destination from jobs j
        where j.workspace_id = $1 and j.state = 'ready' and j.destination > lanes.destination
        order by j.destination limit 1)
    from lanes where lanes.destination is not null)
select l.destination, coalesce(d.open_until_ms, 0) from lanes l
left join job_destinations d on d.workspace_id = $1 and d.destination = l.destination
where l.destination is not null and coalesce(d.paused, 0) = 0
    and coalesce(d.open_until_ms, 0) <= $3
limit $4
)sql"};

// PostgreSQL workers must not wait for each other's rows, and the rows must be chosen once: a
// subquery may be run again for each row of the update, past the limit. SQLite has one writer.
constexpr auto kClaimed = R"sql(
returning jobs.workspace_id, jobs.job_id, kind, subject_id, payload, attempts, lease, destination,
    priority, run_at_ms, created_at_ms
)sql";
const Query kClaimJobs{"claim_jobs",
                       fmt::format(R"sql(
update jobs set state = 'running', attempts = attempts + 1, lease = $3, lease_ms = $4
where workspace_id = $1 and job_id in (
    select job_id from jobs where workspace_id = $1 and state = 'ready' and destination = $2
    order by priority, run_at_ms limit $5)
{})sql",
                                   kClaimed),
                       fmt::format(R"sql(
with first as materialized (
    select job_id from jobs where workspace_id = $1 and state = 'ready' and destination = $2
    order by priority, run_at_ms limit $5 for update skip locked)
update jobs set state = 'running', attempts = attempts + 1, lease = $3, lease_ms = $4
from first where jobs.workspace_id = $1 and jobs.job_id = first.job_id
{})sql",
                                   kClaimed)};

const Query kSetLease{"set_job_lease", R"sql(
update jobs set lease_ms = $4
where workspace_id = $1 and job_id = $2 and lease = $3 and state = 'running'
)sql"};

const Query kExtendLease{"extend_job_lease", R"sql(
update jobs set beat = beat + 1
where workspace_id = $1 and job_id = $2 and lease = $3 and state = 'running'
)sql"};

const Query kSettleJob{"settle_job", R"sql(
update jobs set state = $4, run_at_ms = $5, last_error = $6, attempts = attempts - $7, lease = ''
where workspace_id = $1 and job_id = $2 and lease = $3 and state = 'running' returning order_key
)sql"};

// The engines read a JSON array with functions of their own.
std::string finish_sql(std::string_view ids) {
    return fmt::format(R"sql(
update jobs set state = 'done', run_at_ms = $4, last_error = '', lease = ''
where workspace_id = $1 and job_id in ({}) and lease = $3 and state = 'running'
returning job_id, order_key
)sql",
                       ids);
}
const Query kFinishJobs{"finish_jobs", finish_sql("select value from json_each($2)"),
                        finish_sql("select json_array_elements_text(cast($2 as json))")};

const Query kListRunning{"list_running_jobs", R"sql(
select workspace_id, job_id, lease, beat, lease_ms from jobs
where state = 'running' and state not in ('ready', 'done') limit $1
)sql"};

const Query kTakeLeaseAway{"take_job_lease_away", R"sql(
update jobs set state = 'ready', lease = ''
where workspace_id = $1 and job_id = $2 and lease = $3 and beat = $4 and state = 'running'
returning 1
)sql"};

const Query kListDue{"list_due_jobs", R"sql(
select workspace_id, job_id from jobs where state = 'waiting' and run_at_ms <= $1
order by run_at_ms limit $2
)sql"};

std::string make_ready_sql(std::string_view ids) {
    return fmt::format(R"sql(
update jobs set state = 'ready' where workspace_id = $1 and job_id in ({}) and state = 'waiting'
)sql",
                       ids);
}
const Query kMakeReady{"make_jobs_ready", make_ready_sql("select value from json_each($2)"),
                       make_ready_sql("select json_array_elements_text(cast($2 as json))")};

const Query kDeleteEndedJobs{"delete_ended_jobs", R"sql(
delete from jobs where (workspace_id, job_id) in (
    select workspace_id, job_id from jobs
    where state in ('done', 'discarded') and run_at_ms < $1 limit $2)
returning 1
)sql"};

bool insert_row(Tx& tx, const NewJob& job, std::string_view job_id, std::int64_t behind) {
    const bool waits = job.run_at_ms > tx.now_ms();
    const std::string_view state = behind > 0 ? "blocked" : waits ? "waiting" : "ready";
    const auto run_at_ms = waits ? job.run_at_ms : tx.now_ms();
    const auto dedupe_key = job.dedupe_key.empty() ? std::nullopt : std::optional(job.dedupe_key);
    const auto insert = [&](auto run) {
        return run(kInsertJob, tx.workspace_id(), job_id, job.kind, job.subject_id, job.payload,
                   state, run_at_ms, tx.now_ms(), job.priority, job.order_key, behind, dedupe_key,
                   job.destination);
    };
    if (!job.order_key.empty() || dedupe_key) {
        return insert([&](const auto&... args) { return tx.any(args...); });
    }
    // Nothing can be in its way, so nobody waits for the answer.
    insert([&](const auto&... args) { tx.exec(args...); });
    return true;
}

// The place in the line behind the job that is at its turn; 0 when there is none.
std::int64_t place_in_line(Tx& tx, std::string_view order_key) {
    if (order_key.empty()) return 0;
    if (!tx.any(kLockJobAtTurn, tx.workspace_id(), order_key)) return 0;
    const auto last = tx.first(
        kLastInLine, [](const Row& row) { return row.int64(0); }, tx.workspace_id(), order_key);
    return last.value_or(0) + 1;
}

bool settle(Tx& tx, const Job& job, std::string_view state, std::int64_t at_ms,
            std::string_view why) {
    // What was snoozed is no attempt.
    const bool snoozed = state == "snoozed";
    if (snoozed || state == "again") state = at_ms > tx.now_ms() ? "waiting" : "ready";
    const auto order_key = tx.first(
        kSettleJob, [](const Row& row) { return row.text(0); }, job.workspace_id, job.job_id,
        job.lease, state, at_ms, why, snoozed ? 1 : 0);
    if (order_key && state == "done") let_next_job_in(tx, job.workspace_id, *order_key);
    return order_key.has_value();
}

}  // namespace

InsertedJob insert_job(Tx& tx, const NewJob& job) {
    auto job_id = tx.new_id("job_");
    for (int tries = 0; tries < kTurnTriesMax; ++tries) {
        if (insert_row(tx, job, job_id, place_in_line(tx, job.order_key))) {
            tx.wake_jobs();
            return {job_id, true};
        }
        auto same = tx.first(
            kFindByDedupeKey, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
            job.dedupe_key);
        if (same) return {std::move(*same), false};
        // Somebody else's job took the turn meanwhile: this one goes behind it.
    }
    throw Fault(FaultKind::Retryable, "the order_key " + job.order_key + " changes all the time");
}

std::vector<std::string> workspaces_with_ready_jobs(Tx& tx, std::string_view after,
                                                    std::size_t limit) {
    std::vector<std::string> found;
    while (found.size() < limit) {
        auto next = tx.first(
            kNextWorkspaceWithReadyJob, [](const Row& row) { return row.text(0); },
            found.empty() ? after : std::string_view(found.back()));
        if (!next) break;
        found.push_back(std::move(*next));
    }
    return found;
}

std::vector<JobLane> list_job_lanes(Tx& tx, std::string_view workspace_id, std::string_view from,
                                    std::int64_t now_ms, std::int64_t limit) {
    return tx.all(
        kListJobLanes, [](const Row& row) { return JobLane{row.text(0), row.int64(1)}; },
        workspace_id, from, now_ms, limit);
}

std::vector<Job> claim_jobs(Tx& tx, const JobClaim& claim) {
    auto jobs = tx.all(
        kClaimJobs,
        [](const Row& row) {
            return Job{.workspace_id = row.text(0),
                       .job_id = row.text(1),
                       .kind = row.text(2),
                       .subject_id = row.text(3),
                       .payload = row.text(4),
                       .attempts = row.int64(5),
                       .lease = row.text(6),
                       .destination = row.text(7),
                       .priority = row.int64(8),
                       .run_at_ms = row.int64(9),
                       .created_at_ms = row.int64(10)};
        },
        claim.workspace_id, claim.destination, claim.lease, claim.lease_ms, claim.limit);
    // An update gives its rows in any order.
    std::ranges::sort(jobs, {}, [](const Job& job) {
        return std::tuple(job.priority, job.run_at_ms, std::string_view(job.job_id));
    });
    return jobs;
}

void set_lease(Tx& tx, const Job& job, std::int64_t lease_ms) {
    tx.exec(kSetLease, job.workspace_id, job.job_id, job.lease, lease_ms);
}

void extend_lease(Tx& tx, const Job& job) {
    tx.exec(kExtendLease, job.workspace_id, job.job_id, job.lease);
}

bool finish_job(Tx& tx, const Job& job) {
    return settle(tx, job, "done", tx.now_ms(), "");
}

bool retry_job(Tx& tx, const Job& job, std::int64_t run_at_ms, std::string_view error) {
    return settle(tx, job, "again", run_at_ms, error);
}

bool snooze_job(Tx& tx, const Job& job, std::int64_t run_at_ms, std::string_view why) {
    return settle(tx, job, "snoozed", run_at_ms, why);
}

bool bury_job(Tx& tx, const Job& job, std::string_view error) {
    return settle(tx, job, "dead", tx.now_ms(), error);
}

std::vector<std::string> finish_jobs(Tx& tx, std::span<const Job* const> jobs) {
    if (jobs.empty()) return {};
    std::vector<std::string> ids;
    for (const auto* job : jobs) ids.push_back(job->job_id);
    std::vector<std::string> finished;
    std::vector<std::string> order_keys;
    tx.each(
        kFinishJobs,
        [&](const Row& row) {
            finished.push_back(row.text(0));
            if (!row.text(1).empty()) order_keys.push_back(row.text(1));
        },
        jobs.front()->workspace_id, json_array_text(ids), jobs.front()->lease, tx.now_ms());
    for (const auto& key : order_keys) let_next_job_in(tx, jobs.front()->workspace_id, key);
    return finished;
}

void let_next_job_in(Tx& tx, std::string_view workspace_id, std::string_view order_key) {
    if (!order_key.empty()) tx.exec(kLetNextIn, workspace_id, order_key, tx.now_ms());
}

std::vector<RunningJob> list_running_jobs(Tx& tx, std::int64_t limit) {
    return tx.all(
        kListRunning,
        [](const Row& row) {
            return RunningJob{row.text(0), row.text(1), row.text(2), row.int64(3), row.int64(4)};
        },
        limit);
}

bool take_lease_away(Tx& tx, const RunningJob& job) {
    return tx.any(kTakeLeaseAway, job.workspace_id, job.job_id, job.lease, job.beat);
}

std::vector<WaitingJob> list_due_jobs(Tx& tx, std::int64_t now_ms, std::int64_t limit) {
    return tx.all(
        kListDue, [](const Row& row) { return WaitingJob{row.text(0), row.text(1)}; }, now_ms,
        limit);
}

void make_ready(Tx& tx, std::span<const WaitingJob> jobs) {
    std::map<std::string_view, std::vector<std::string>> ids;
    for (const auto& job : jobs) ids[job.workspace_id].push_back(job.job_id);
    for (auto& [workspace_id, of_one] : ids) {
        std::ranges::sort(of_one);  // so that two nodes lock the rows in the same order
        tx.exec(kMakeReady, workspace_id, json_array_text(of_one));
    }
}

std::size_t delete_ended_jobs(Tx& tx, std::int64_t before_ms, std::int64_t limit) {
    std::size_t deleted = 0;
    tx.each(kDeleteEndedJobs, [&](const Row&) { ++deleted; }, before_ms, limit);
    return deleted;
}

}  // namespace hw
