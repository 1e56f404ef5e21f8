// SPDX-License-Identifier: Apache-2.0
// Jobs as people see them: searched, looked at, tried again, discarded, counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct JobRecord {
    std::string job_id;
    std::string kind;
    std::string subject_id;
    std::string payload;
    std::string state;  // see migrations/0007_jobs.sql
    std::int64_t attempts = 0;
    std::int64_t run_at_ms = 0;  // since or until when it waits; of one that ended: its end
    std::int64_t created_at_ms = 0;
    std::string last_error;
    std::string note;
    std::int64_t priority = 0;
    std::string order_key;
    std::string dedupe_key;  // empty: none
    std::string destination;
};
std::optional<JobRecord> find_job(Tx& tx, std::string_view workspace_id, std::string_view job_id);

// Empty texts and zeros ask for anything.
struct JobFilter {
    std::string state{};
    std::string kind{};
    std::string destination{};
    std::string error{};        // a part of last_error, whatever its case
    std::int64_t from_ms = 0;   // of run_at_ms
    std::int64_t until_ms = 0;  // likewise, and not itself
};

// Newest first, those older than `before` when it is not empty.
std::vector<JobRecord> list_jobs(Tx& tx, std::string_view workspace_id, const JobFilter& filter,
                                 std::string_view before, std::int64_t limit);

// Makes up to `limit` dead jobs behind `after` ready, as if they had never been attempted: their
// ids, in order. `filter.state` does not matter.
std::vector<std::string> revive_jobs(Tx& tx, std::string_view workspace_id, const JobFilter& filter,
                                     std::string_view after, std::int64_t limit);

// The same for one that is dead or waits. False when it is neither.
bool revive_job(Tx& tx, std::string_view workspace_id, std::string_view job_id);

// False when it has ended already or is being attempted.
bool discard_job(Tx& tx, std::string_view workspace_id, std::string_view job_id,
                 std::string_view note);

// How many jobs there are, of all workspaces: counted up to `most` of each state.
struct JobDepths {
    std::int64_t ready = 0;
    std::int64_t waiting = 0;
    std::int64_t running = 0;
    std::int64_t blocked = 0;
    std::int64_t dead = 0;
    std::int64_t oldest_ready_at_ms = 0;  // of the first of each workspace and lane; 0: none
};
JobDepths count_jobs(Tx& tx, std::int64_t most);

// For tests.
struct JobState {
    std::string state;
    std::int64_t attempts = 0;
    std::int64_t run_at_ms = 0;  // of a settled job: when that was
    std::string last_error;
};
std::optional<JobState> find_job_state(Tx& tx, std::string_view workspace_id,
                                       std::string_view job_id);

}  // namespace hw
