// SPDX-License-Identifier: Apache-2.0
#include "core/jobs.hpp"

#include <memory>

#include "api/jobs.hpp"
#include "api/query.hpp"
#include "base/civil_time.hpp"

namespace hw::api {
namespace {

json::value empty_as_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object job_json(const JobRecord& job) {
    return {{"id", job.job_id},
            {"kind", job.kind},
            {"subjectId", job.subject_id},
            {"state", job.state},
            {"attempts", job.attempts},
            {"runAt", time_or_null(job.run_at_ms)},
            {"createdAt", time_or_null(job.created_at_ms)},
            {"lastError", empty_as_null(job.last_error)},
            {"note", empty_as_null(job.note)},
            {"priority", job.priority},
            {"orderKey", empty_as_null(job.order_key)},
            {"dedupeKey", empty_as_null(job.dedupe_key)},
            {"destination", empty_as_null(job.destination)}};
}

// With what it carries, which lists leave out.
Answer whole_job(const JobRecord& job) {
    auto object = job_json(job);
    object["payload"] = job.payload;
    return json_answer(json::serialize(object));
}

json::object destination_json(const JobDestination& found) {
    const bool open = found.open_until_ms > 0;
    return {{"destination", found.destination},
            {"paused", found.paused},
            {"pausedReason", empty_as_null(found.paused_reason)},
            {"failures", found.failures},
            {"openUntil", open ? time_or_null(found.open_until_ms) : json::value(nullptr)},
            {"lastError", empty_as_null(found.last_error)},
            {"updatedAt", time_or_null(found.updated_at_ms)}};
}

Result<json::object> optional_object(const Request& request) {
    if (request.body.empty()) return json::object{};
    return parse_object(request.body);
}

Result<std::int64_t> time_of(const std::optional<std::string>& text, std::string_view name) {
    if (!text) return 0;
    auto at_ms = parse_time(*text);
    if (at_ms) return *at_ms;
    return std::unexpected(invalid_field("invalid_format", name, at_ms.error().message));
}

// One after another, so that the queue is not locked for long.
struct Retry {
    JobFilter filter;
    std::string after{};
    std::size_t count = 0;
    RetriedJobs batch{};

    Result<Answer> run_batch(Tx& tx) {
        // What dies again meanwhile is not meant.
        if (filter.until_ms == 0) filter.until_ms = tx.now_ms() + 1;
        batch = HW_TRY(retry_dead_jobs(tx, filter, after));
        return json_answer(json::serialize(json::object{{"retried", count + batch.count}}));
    }
    bool go_on() {
        if (batch.last.empty()) return false;
        count += batch.count;
        after = batch.last;
        return true;
    }
};

}  // namespace

Result<Work> list_jobs(const Call& call) {
    const auto query = call.request.query;
    JobFilter filter;
    filter.state = HW_TRY(query_text(query, "state")).value_or("");
    filter.kind = HW_TRY(query_text(query, "kind")).value_or("");
    filter.destination = HW_TRY(query_text(query, "destination")).value_or("");
    filter.error = HW_TRY(query_text(query, "error")).value_or("");
    const auto start = HW_TRY(query_text(query, "start"));
    const auto end = HW_TRY(query_text(query, "end"));
    filter.from_ms = HW_TRY(time_of(start, "start"));
    filter.until_ms = HW_TRY(time_of(end, "end"));
    auto before = HW_TRY(query_text(query, "startingAfter")).value_or("");
    const auto limit = HW_TRY(query_page_size(query));
    return Work{
        Work::Mode::Scan,
        [filter = std::move(filter), before = std::move(before), limit](Tx& tx) -> Result<Answer> {
            json::array jobs;
            for (const auto& job : HW_TRY(search_jobs(tx, filter, before, limit))) {
                jobs.push_back(job_json(job));
            }
            return json_answer(json::serialize(jobs));
        }};
}

Result<Work> get_job(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return whole_job(HW_TRY(hw::get_job(tx, id)));
                }};
}

Result<Work> retry_job(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return whole_job(HW_TRY(retry_job_now(tx, id)));
                }};
}

Result<Work> retry_jobs(const Call& call) {
    const auto body = HW_TRY(optional_object(call.request));
    const auto retry = std::make_shared<Retry>();
    auto& filter = retry->filter;
    filter.kind = HW_TRY(optional_text(body, "kind")).value_or("");
    filter.destination = HW_TRY(optional_text(body, "destination")).value_or("");
    filter.error = HW_TRY(optional_text(body, "error")).value_or("");
    const auto start = HW_TRY(optional_text(body, "start"));
    const auto end = HW_TRY(optional_text(body, "end"));
    filter.from_ms = HW_TRY(time_of(start, "start"));
    filter.until_ms = HW_TRY(time_of(end, "end"));
    const bool all = HW_TRY(optional_bool(body, "all")).value_or(false);
    const bool some = !filter.kind.empty() || !filter.destination.empty() ||
                      !filter.error.empty() || start || end;
    if (!all && !some) {
        return std::unexpected(invalid_field("invalid_value", "all",
                                             "Name kind, destination, error, start or end, or send "
                                             "\"all\": true for every dead job"));
    }
    return Work{.mode = Work::Mode::Write,
                .step = [retry](Tx& tx) { return retry->run_batch(tx); },
                .go_on = [retry] { return retry->go_on(); }};
}

Result<Work> discard_job(const Call& call) {
    const auto body = HW_TRY(optional_object(call.request));
    auto note = HW_TRY(optional_text(body, "note")).value_or("");
    return Work{Work::Mode::Write,
                [id = call.parameters.at(0), note = std::move(note)](Tx& tx) -> Result<Answer> {
                    return whole_job(HW_TRY(discard_job_now(tx, id, note)));
                }};
}

Result<Work> list_job_destinations(const Call& call) {
    auto after = HW_TRY(query_text(call.request.query, "startingAfter")).value_or("");
    const auto limit = HW_TRY(query_page_size(call.request.query));
    return Work{
        Work::Mode::Read, [after = std::move(after), limit](Tx& tx) -> Result<Answer> {
            json::array found;
            for (const auto& each : list_destinations(tx, tx.workspace_id(), after, limit)) {
                found.push_back(destination_json(each));
            }
            return json_answer(json::serialize(found));
        }};
}

Result<Work> pause_job_destination(const Call& call) {
    const auto body = HW_TRY(optional_object(call.request));
    auto reason = HW_TRY(optional_text(body, "reason")).value_or("");
    return Work{
        Work::Mode::Write,
        [name = call.parameters.at(0), reason = std::move(reason)](Tx& tx) -> Result<Answer> {
            const auto paused = HW_TRY(pause_jobs_to(tx, name, reason));
            return json_answer(json::serialize(destination_json(paused)));
        }};
}

Result<Work> resume_job_destination(const Call& call) {
    return Work{Work::Mode::Write, [name = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto resumed = HW_TRY(resume_jobs_to(tx, name));
                    return json_answer(json::serialize(destination_json(resumed)));
                }};
}

}  // namespace hw::api
