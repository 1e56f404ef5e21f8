// SPDX-License-Identifier: Apache-2.0
#include "store/job_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/jobs.hpp"
#include "store/like_pattern.hpp"

namespace hw {
namespace {

constexpr auto kColumns =
    "job_id, kind, subject_id, payload, state, attempts, run_at_ms, created_at_ms, last_error, "
    "note, priority, order_key, coalesce(dedupe_key, ''), destination";

constexpr auto kFiltered = R"sql(
    and ($3 = '' or kind = $3) and ($4 = '' or destination = $4)
    and ($5 = '' or lower(last_error) like $5 escape '\')
    and run_at_ms >= $6 and (cast($7 as bigint) = 0 or run_at_ms < $7)
)sql";

const Query kFindJob{"find_job", fmt::format(R"sql(
select {} from jobs where workspace_id = $1 and job_id = $2
)sql",
                                             kColumns)};

const Query kListJobs{"list_jobs", fmt::format(R"sql(
select {} from jobs where workspace_id = $1 and ($2 = '' or job_id < $2) {}
    and ($8 = '' or state = $8)
order by job_id desc limit $9
)sql",
                                               kColumns, kFiltered)};

// Those are few among the many that are done, and have an index.
const Query kListJobsOfState{"list_jobs_of_state", fmt::format(R"sql(
select {} from jobs where workspace_id = $1 and ($2 = '' or job_id < $2) {}
    and state = $8 and state not in ('ready', 'done')
order by job_id desc limit $9
)sql",
                                                               kColumns, kFiltered)};

const Query kReviveJobs{"revive_jobs", fmt::format(R"sql(
update jobs set state = 'ready', attempts = 0, run_at_ms = $8
where workspace_id = $1 and state = 'dead' and job_id in (
    select job_id from jobs where workspace_id = $1 and job_id > $2 {}
        and state = 'dead' and state not in ('ready', 'done')
    order by job_id limit $9)
returning job_id
)sql",
                                                   kFiltered)};

const Query kReviveJob{"revive_job", R"sql(
update jobs set state = 'ready', run_at_ms = $3,
    attempts = case when state = 'dead' then 0 else attempts end
where workspace_id = $1 and job_id = $2 and state in ('dead', 'waiting') returning 1
)sql"};

// A blocked job has not had its turn yet, and its end lets nobody in.
const Query kDiscardBlocked{"discard_blocked_job", R"sql(
update jobs set state = 'discarded', run_at_ms = $3, note = $4
where workspace_id = $1 and job_id = $2 and state = 'blocked' returning 1
)sql"};

const Query kDiscard{"discard_job", R"sql(
update jobs set state = 'discarded', run_at_ms = $3, note = $4
where workspace_id = $1 and job_id = $2 and state in ('dead', 'waiting', 'ready')
returning order_key
)sql"};

// In the order of the index that has no others.
const Query kCountReady{"count_ready_jobs", R"sql(
select count(*) from (
    select 1 from jobs where state = 'ready' and workspace_id > ''
    order by workspace_id, destination, priority, run_at_ms limit $1) counted
)sql"};

const Query kCountJobs{"count_jobs", R"sql(
select count(*) from (
    select 1 from jobs where state = $2 and state not in ('ready', 'done') limit $1) counted
)sql"};

const Query kOldestReady{"find_oldest_ready_job", R"sql(
select run_at_ms from jobs where workspace_id = $1 and state = 'ready' and destination = $2
order by priority, run_at_ms limit 1
)sql"};

const Query kFindJobState{"find_job_state", R"sql(
select state, attempts, run_at_ms, last_error from jobs where workspace_id = $1 and job_id = $2
)sql"};

JobRecord record_from(const Row& row) {
    return {.job_id = row.text(0),
            .kind = row.text(1),
            .subject_id = row.text(2),
            .payload = row.text(3),
            .state = row.text(4),
            .attempts = row.int64(5),
            .run_at_ms = row.int64(6),
            .created_at_ms = row.int64(7),
            .last_error = row.text(8),
            .note = row.text(9),
            .priority = row.int64(10),
            .order_key = row.text(11),
            .dedupe_key = row.text(12),
            .destination = row.text(13)};
}

constexpr std::size_t kWorkspacesMeasured = 100;
constexpr std::int64_t kLanesMeasured = 100;

std::int64_t oldest_ready_at_ms(Tx& tx) {
    std::int64_t oldest_ms = 0;
    for (const auto& workspace_id : workspaces_with_ready_jobs(tx, "", kWorkspacesMeasured)) {
        for (const auto& lane : list_job_lanes(tx, workspace_id, "", tx.now_ms(), kLanesMeasured)) {
            const auto at_ms = tx.first(
                kOldestReady, [](const Row& row) { return row.int64(0); }, workspace_id,
                lane.destination);
            if (at_ms && (oldest_ms == 0 || *at_ms < oldest_ms)) oldest_ms = *at_ms;
        }
    }
    return oldest_ms;
}

}  // namespace

std::optional<JobRecord> find_job(Tx& tx, std::string_view workspace_id, std::string_view job_id) {
    return tx.first(kFindJob, record_from, workspace_id, job_id);
}

std::vector<JobRecord> list_jobs(Tx& tx, std::string_view workspace_id, const JobFilter& filter,
                                 std::string_view before, std::int64_t limit) {
    const auto& state = filter.state;
    const bool everywhere = state.empty() || state == "ready" || state == "done";
    return tx.all(everywhere ? kListJobs : kListJobsOfState, record_from, workspace_id, before,
                  filter.kind, filter.destination, like_pattern(filter.error), filter.from_ms,
                  filter.until_ms, state, limit);
}

std::vector<std::string> revive_jobs(Tx& tx, std::string_view workspace_id, const JobFilter& filter,
                                     std::string_view after, std::int64_t limit) {
    auto ids = tx.all(
        kReviveJobs, [](const Row& row) { return row.text(0); }, workspace_id, after, filter.kind,
        filter.destination, like_pattern(filter.error), filter.from_ms, filter.until_ms,
        tx.now_ms(), limit);
    std::ranges::sort(ids);
    return ids;
}

bool revive_job(Tx& tx, std::string_view workspace_id, std::string_view job_id) {
    return tx.any(kReviveJob, workspace_id, job_id, tx.now_ms());
}

bool discard_job(Tx& tx, std::string_view workspace_id, std::string_view job_id,
                 std::string_view note) {
    if (tx.any(kDiscardBlocked, workspace_id, job_id, tx.now_ms(), note)) return true;
    const auto order_key = tx.first(
        kDiscard, [](const Row& row) { return row.text(0); }, workspace_id, job_id, tx.now_ms(),
        note);
    if (order_key) let_next_job_in(tx, workspace_id, *order_key);
    return order_key.has_value();
}

JobDepths count_jobs(Tx& tx, std::int64_t most) {
    const auto first_number = [](const Row& row) { return row.int64(0); };
    const auto count = [&](std::string_view state) {
        return tx.first(kCountJobs, first_number, most, state).value_or(0);
    };
    return {.ready = tx.first(kCountReady, first_number, most).value_or(0),
            .waiting = count("waiting"),
            .running = count("running"),
            .blocked = count("blocked"),
            .dead = count("dead"),
            .oldest_ready_at_ms = oldest_ready_at_ms(tx)};
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
