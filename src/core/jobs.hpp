// SPDX-License-Identifier: Apache-2.0
// What people do with the queue: look at it, try again what was given up, discard what is wrong,
// pause whom jobs depend on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/job_destinations.hpp"
#include "store/job_list.hpp"
#include "store/tx.hpp"

namespace hw {

// 404 when the workspace has no such job.
Result<JobRecord> get_job(Tx& tx, std::string_view job_id);

// 422 for a state that there is not.
Result<std::vector<JobRecord>> search_jobs(Tx& tx, const JobFilter& filter, std::string_view before,
                                           std::int64_t limit);

// A dead job is as new again; one that waits does so no longer. 409 for the others.
Result<JobRecord> retry_job_now(Tx& tx, std::string_view job_id);

// A part of all dead jobs that match: those behind `after` that had died when it began.
struct RetriedJobs {
    std::size_t count = 0;
    std::string last{};  // goes on behind it; empty: that was all
};
Result<RetriedJobs> retry_dead_jobs(Tx& tx, const JobFilter& filter, std::string_view after);

// Lets those in that are behind it. 409 when it has ended or is being attempted.
Result<JobRecord> discard_job_now(Tx& tx, std::string_view job_id, std::string_view note);

// 422 for an empty or overlong name or reason.
Result<JobDestination> pause_jobs_to(Tx& tx, std::string_view destination, std::string_view reason);

// 404 when it is neither paused nor failing.
Result<JobDestination> resume_jobs_to(Tx& tx, std::string_view destination);

}  // namespace hw
