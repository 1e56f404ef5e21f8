// SPDX-License-Identifier: Apache-2.0
#include "store/jobs.hpp"

#include "base/digest.hpp"

namespace hw {
namespace {

const Query kInsertJob{"insert_job", R"sql(
insert into jobs (workspace_id, job_id, kind, subject_id, payload, state, attempts, run_at_ms,
    lease, last_error, created_at_ms)
values ($1, $2, $3, $4, $5, 'ready', 0, $6, '', '', $6)
)sql"};

// One at a time: the index finds the next workspace without reading the backlog of the one before.
const Query kNextWorkspaceWithDueJob{"next_workspace_with_due_job", R"sql(
select workspace_id from jobs where state = 'ready' and workspace_id > $1 and run_at_ms <= $2
order by workspace_id limit 1
)sql"};

// PostgreSQL workers must not wait for each other's rows, and the rows must be chosen once: a
// subquery may be run again for each row of the update, past the limit. SQLite has one writer.
const Query kClaimJobs{"claim_jobs",
                       R"sql(
update jobs set attempts = attempts + 1, run_at_ms = $3, lease = $4
where workspace_id = $1 and job_id in (
    select job_id from jobs where workspace_id = $1 and state = 'ready' and run_at_ms <= $2
    order by run_at_ms limit $5)
returning workspace_id, job_id, kind, subject_id, payload, attempts, lease
)sql",
                       R"sql(
with due as materialized (
    select job_id from jobs where workspace_id = $1 and state = 'ready' and run_at_ms <= $2
    order by run_at_ms limit $5 for update skip locked)
update jobs set attempts = attempts + 1, run_at_ms = $3, lease = $4
from due where jobs.workspace_id = $1 and jobs.job_id = due.job_id
returning jobs.workspace_id, jobs.job_id, kind, subject_id, payload, attempts, lease
)sql"};

const Query kSettleJob{"settle_job", R"sql(
update jobs set state = $4, run_at_ms = $5, last_error = $6, lease = ''
where workspace_id = $1 and job_id = $2 and lease = $3 and state = 'ready' returning 1
)sql"};

const Query kInsertNewJob{"insert_new_job", R"sql(
insert into jobs (workspace_id, job_id, kind, subject_id, payload, state, attempts, run_at_ms,
    lease, last_error, created_at_ms)
values ($1, $2, $3, $4, $5, 'ready', 0, $6, '', '', $7)
on conflict do nothing returning 1
)sql"};

const Query kSnoozeJob{"snooze_job", R"sql(
update jobs set attempts = attempts - 1, run_at_ms = $4, last_error = $5, lease = ''
where workspace_id = $1 and job_id = $2 and lease = $3 and state = 'ready' returning 1
)sql"};

const Query kDeleteEndedJobs{"delete_ended_jobs", R"sql(
delete from jobs where (workspace_id, job_id) in (
    select workspace_id, job_id from jobs where state <> 'ready' and run_at_ms < $1 limit $2)
returning 1
)sql"};

const Query kFindJobState{"find_job_state", R"sql(
select state, attempts, run_at_ms, last_error from jobs where workspace_id = $1 and job_id = $2
)sql"};

}  // namespace

void insert_job(Tx& tx, std::string_view kind, std::string_view subject_id,
                std::string_view payload) {
    tx.exec(kInsertJob, tx.workspace_id(), tx.new_id("job_"), kind, subject_id, payload,
            tx.now_ms());
}

InsertedJob insert_job(Tx& tx, const NewJob& job) {
    auto id = job.dedupe_key.empty() ? tx.new_id("job_") : "job_" + sha256_hex(job.dedupe_key);
    const auto run_at_ms = job.run_at_ms == 0 ? tx.now_ms() : job.run_at_ms;
    const bool is_new = tx.any(kInsertNewJob, tx.workspace_id(), id, job.kind, job.subject_id,
                               job.payload, run_at_ms, tx.now_ms());
    return {std::move(id), is_new};
}

std::vector<std::string> workspaces_with_due_jobs(Tx& tx, std::string_view after,
                                                  std::size_t limit) {
    std::vector<std::string> found;
    while (found.size() < limit) {
        auto next = tx.first(
            kNextWorkspaceWithDueJob, [](const Row& row) { return row.text(0); },
            found.empty() ? after : std::string_view(found.back()), tx.now_ms());
        if (!next) break;
        found.push_back(std::move(*next));
    }
    return found;
}

std::vector<Job> claim_jobs(Tx& tx, std::string_view workspace_id, std::int64_t lease_ms,
                            std::int64_t limit) {
    return tx.all(
        kClaimJobs,
        [](const Row& row) {
            return Job{.workspace_id = row.text(0),
                       .job_id = row.text(1),
                       .kind = row.text(2),
                       .subject_id = row.text(3),
                       .payload = row.text(4),
                       .attempts = row.int64(5),
                       .lease = row.text(6)};
        },
        workspace_id, tx.now_ms(), tx.now_ms() + lease_ms, tx.new_id("lease_"), limit);
}

bool finish_job(Tx& tx, const Job& job) {
    return tx.any(kSettleJob, job.workspace_id, job.job_id, job.lease, "done", tx.now_ms(), "");
}

bool retry_job(Tx& tx, const Job& job, std::int64_t run_at_ms, std::string_view error) {
    return tx.any(kSettleJob, job.workspace_id, job.job_id, job.lease, "ready", run_at_ms, error);
}

bool bury_job(Tx& tx, const Job& job, std::string_view error) {
    return tx.any(kSettleJob, job.workspace_id, job.job_id, job.lease, "dead", tx.now_ms(), error);
}

bool snooze_job(Tx& tx, const Job& job, std::int64_t run_at_ms, std::string_view why) {
    return tx.any(kSnoozeJob, job.workspace_id, job.job_id, job.lease, run_at_ms, why);
}

std::size_t delete_ended_jobs(Tx& tx, std::int64_t before_ms, std::int64_t limit) {
    std::size_t deleted = 0;
    tx.each(kDeleteEndedJobs, [&](const Row&) { ++deleted; }, before_ms, limit);
    return deleted;
}

std::optional<JobState> find_job_state(Tx& tx, std::string_view workspace_id,
                                       std::string_view job_id) {
    return tx.first(
        kFindJobState,
        [](const Row& row) {
            return JobState{row.text(0), row.int64(1), row.int64(2), row.text(3)};
        },
        workspace_id, job_id);
}

}  // namespace hw
