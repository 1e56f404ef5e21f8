// SPDX-License-Identifier: Apache-2.0
// Background work: rows written in the same transaction as the fact that asks for them, claimed
// under a lease by one worker at a time. What people do with them: job_list.hpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct NewJob {
    std::string kind;  // "copy_avatar"
    std::string subject_id;
    std::string payload;
    std::int64_t priority = 0;   // smaller goes first among what is due
    std::int64_t run_at_ms = 0;  // 0: now
    // Jobs of a workspace with the same key run one at a time, oldest first; a dead one blocks
    // those behind it until it is retried or discarded.
    std::string order_key{};
    // At most one job of a workspace has it, by constraint, also after it ended: as long as its row
    // is kept.
    std::string dedupe_key{};
    // Whom it depends on, "webhook:wh_1": paused, limited and broken off together.
    std::string destination{};
};

// The id of the new job, or of the one that has its dedupe_key already.
struct InsertedJob {
    std::string job_id;
    bool is_new;
};
InsertedJob insert_job(Tx& tx, const NewJob& job);

struct Job {
    std::string workspace_id;
    std::string job_id;
    std::string kind;
    std::string subject_id;
    std::string payload;
    std::int64_t attempts = 0;  // including the one under way
    std::string lease;          // fence: only its holder may settle the job
    std::string destination{};
    std::int64_t priority = 0;
    std::int64_t run_at_ms = 0;  // since when it was ready
    std::int64_t created_at_ms = 0;
};

// Up to `limit` workspaces that have ready jobs, in the order of their ids, behind `after`: a
// caller that goes on where it ended serves each in turn. For the operator.
std::vector<std::string> workspaces_with_ready_jobs(Tx& tx, std::string_view after,
                                                    std::size_t limit);

// The ready jobs of one destination of a workspace.
struct JobLane {
    std::string destination;
    std::int64_t open_until_ms = 0;  // over, when it is not 0: one job may try whether it is well
};

// Up to `limit` lanes from `from` on, in their order. Without those whose destination is paused or
// let alone, and without reading a backlog.
std::vector<JobLane> list_job_lanes(Tx& tx, std::string_view workspace_id, std::string_view from,
                                    std::int64_t now_ms, std::int64_t limit);

// Takes the first ready jobs of the lane under `lease`, in their order.
struct JobClaim {
    std::string workspace_id;
    std::string destination{};
    std::string lease;
    std::int64_t lease_ms = 0;
    std::int64_t limit = 1;
};
std::vector<Job> claim_jobs(Tx& tx, const JobClaim& claim);

// For a kind of job that needs another lease than the claim gave.
void set_lease(Tx& tx, const Job& job, std::int64_t lease_ms);

// Tells those who watch that the holder is alive. Nothing happens when the lease was lost.
void extend_lease(Tx& tx, const Job& job);

// Each is false when the lease was lost to another worker meanwhile.
bool finish_job(Tx& tx, const Job& job);
bool retry_job(Tx& tx, const Job& job, std::int64_t run_at_ms, std::string_view error);
bool snooze_job(Tx& tx, const Job& job, std::int64_t run_at_ms, std::string_view why);
bool bury_job(Tx& tx, const Job& job, std::string_view error);

// finish_job for many of one workspace and lease: the ids of those that were still held.
std::vector<std::string> finish_jobs(Tx& tx, std::span<const Job* const> jobs);

// What a job of an order_key ended for: the next one gets its turn. For settling by other means.
void let_next_job_in(Tx& tx, std::string_view workspace_id, std::string_view order_key);

// Jobs under a lease, of all workspaces: for the operator.
struct RunningJob {
    std::string workspace_id;
    std::string job_id;
    std::string lease;
    std::int64_t beat = 0;
    std::int64_t lease_ms = 0;
};
std::vector<RunningJob> list_running_jobs(Tx& tx, std::int64_t limit);

// Makes it ready again, unless its holder was heard of since. False then.
bool take_lease_away(Tx& tx, const RunningJob& job);

// Those whose time has come, oldest first: for the operator, as the next.
struct WaitingJob {
    std::string workspace_id;
    std::string job_id;
};
std::vector<WaitingJob> list_due_jobs(Tx& tx, std::int64_t now_ms, std::int64_t limit);
void make_ready(Tx& tx, std::span<const WaitingJob> jobs);

// Deletes up to `limit` jobs that were done or discarded before then, and tells how many: for the
// operator. The dead stay until somebody decides.
std::size_t delete_ended_jobs(Tx& tx, std::int64_t before_ms, std::int64_t limit);

}  // namespace hw
