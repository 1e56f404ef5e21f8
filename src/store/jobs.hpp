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

// Workspaces that have due work, so that each is served in turn and none starves the others.
std::vector<std::string> workspaces_with_due_jobs(Tx& tx, std::int64_t limit);  // operator

// Takes up to `limit` due jobs of the workspace; their leases end at now + lease_ms.
std::vector<Job> claim_jobs(Tx& tx, std::string_view workspace_id, std::int64_t lease_ms,
                            std::int64_t limit);

// Each is false when the lease was lost to another worker meanwhile.
bool finish_job(Tx& tx, const Job& job);
bool retry_job(Tx& tx, const Job& job, std::int64_t run_at_ms, std::string_view error);
bool bury_job(Tx& tx, const Job& job, std::string_view error);

}  // namespace hw
