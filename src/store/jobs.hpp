// SPDX-License-Identifier: Apache-2.0
// Background work: rows written in the same transaction as the fact that asks for them, claimed
// under a lease by one worker at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Job {
    std::string workspace_id;
    std::string job_id;
    std::string kind;  // "copy_avatar"
    std::string subject_id;
    std::string payload;
    std::int64_t attempts = 0;  // including the one under way
    std::string lease;          // fence: only its holder may finish the job
};

void insert_job(Tx& tx, std::string_view kind, std::string_view subject_id,
                std::string_view payload);

struct NewJob {
    std::string kind;
    std::string subject_id;
    std::string payload;
    std::int64_t priority = 0;   // smaller goes first among what is due
    std::int64_t run_at_ms = 0;  // 0: now
    std::string order_key{};
    std::string dedupe_key{};   // at most one job of a workspace has it
    std::string destination{};  // whom it depends on, "webhook:wh_1"
};
// The id of the new job, or of the one that has its dedupe_key already.
struct InsertedJob {
    std::string job_id;
    bool is_new;
};
InsertedJob insert_job(Tx& tx, const NewJob& job);

// Up to `limit` workspaces that have due work, in the order of their ids, behind `after`: a caller
// that goes on where it ended serves each in turn. For the operator.
std::vector<std::string> workspaces_with_due_jobs(Tx& tx, std::string_view after,
                                                  std::size_t limit);

// Takes up to `limit` due jobs of the workspace; their leases end at now + lease_ms.
std::vector<Job> claim_jobs(Tx& tx, std::string_view workspace_id, std::int64_t lease_ms,
                            std::int64_t limit);

// Each is false when the lease was lost to another worker meanwhile.
bool finish_job(Tx& tx, const Job& job);
bool retry_job(Tx& tx, const Job& job, std::int64_t run_at_ms, std::string_view error);
bool bury_job(Tx& tx, const Job& job, std::string_view error);
// As retry_job, without counting the attempt.
bool snooze_job(Tx& tx, const Job& job, std::int64_t run_at_ms, std::string_view why);

// Deletes up to `limit` jobs that ended before then, done or dead, and tells how many: for the
// operator.
std::size_t delete_ended_jobs(Tx& tx, std::int64_t before_ms, std::int64_t limit);

// For the operator's eyes and for tests.
struct JobState {
    std::string state;  // "ready", "done", "dead"
    std::int64_t attempts = 0;
    std::int64_t run_at_ms = 0;  // of a settled job: when that was
    std::string last_error;
};
std::optional<JobState> find_job_state(Tx& tx, std::string_view workspace_id,
                                       std::string_view job_id);

}  // namespace hw
