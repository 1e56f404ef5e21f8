// SPDX-License-Identifier: Apache-2.0
#include "core/jobs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 7> kStates = {"ready", "waiting", "running",  "blocked",
                                                     "done",  "dead",    "discarded"};

Result<void> check_text(std::string_view field, std::string_view text, std::size_t min) {
    const auto length = utf16_length(text);
    if (length >= min && length <= limits::kJobNoteCharactersMax) return {};
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("Invalid {}: it has {} characters. Give {} to {}.", field, length, min,
                            limits::kJobNoteCharactersMax),
                "invalid_" + std::string(field));
}

}  // namespace

Result<JobRecord> get_job(Tx& tx, std::string_view job_id) {
    auto job = find_job(tx, tx.workspace_id(), job_id);
    if (job) return std::move(*job);
    return fail(ErrorCode::NotFound, "Job not found. GET /jobs lists the workspace's jobs.",
                "job_not_found");
}

Result<std::vector<JobRecord>> search_jobs(Tx& tx, const JobFilter& filter, std::string_view before,
                                           std::int64_t limit) {
    const bool known = std::ranges::find(kStates, filter.state) != kStates.end();
    if (!filter.state.empty() && !known) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("Invalid state '{}': a job is {}.", valid_utf8(filter.state),
                                fmt::join(kStates, ", ")),
                    "invalid_state");
    }
    return list_jobs(tx, tx.workspace_id(), filter, before, limit);
}

Result<JobRecord> retry_job_now(Tx& tx, std::string_view job_id) {
    const auto job = HW_TRY(get_job(tx, job_id));
    if (revive_job(tx, tx.workspace_id(), job_id)) return get_job(tx, job_id);
    return fail(
        ErrorCode::Conflict,
        fmt::format("The job is {}: only one that is dead or waiting can be tried now.", job.state),
        "job_not_retryable");
}

Result<RetriedJobs> retry_dead_jobs(Tx& tx, const JobFilter& filter, std::string_view after) {
    auto ids = revive_jobs(tx, tx.workspace_id(), filter, after, limits::kJobsRevivedAtOnce);
    RetriedJobs retried{.count = ids.size()};
    if (std::ssize(ids) == limits::kJobsRevivedAtOnce) retried.last = std::move(ids.back());
    return retried;
}

Result<JobRecord> discard_job_now(Tx& tx, std::string_view job_id, std::string_view note) {
    HW_CHECK(check_text("note", note, 0));
    const auto job = HW_TRY(get_job(tx, job_id));
    if (discard_job(tx, tx.workspace_id(), job_id, note)) return get_job(tx, job_id);
    return fail(ErrorCode::Conflict,
                fmt::format("The job is {}: only one that is dead, ready, waiting or blocked can "
                            "be discarded.",
                            job.state),
                "job_not_discardable");
}

Result<JobDestination> pause_jobs_to(Tx& tx, std::string_view destination,
                                     std::string_view reason) {
    HW_CHECK(check_text("destination", destination, 1));
    HW_CHECK(check_text("reason", reason, 0));
    return pause_destination(tx, tx.workspace_id(), destination, reason);
}

Result<JobDestination> resume_jobs_to(Tx& tx, std::string_view destination) {
    auto resumed = resume_destination(tx, tx.workspace_id(), destination);
    if (resumed) return std::move(*resumed);
    return fail(ErrorCode::NotFound,
                fmt::format("The destination '{}' is neither paused nor failing. GET "
                            "/job-destinations lists those that are.",
                            valid_utf8(destination)),
                "destination_not_found");
}

}  // namespace hw
