// SPDX-License-Identifier: Apache-2.0
#include "core/bounties.hpp"

#include <fmt/format.h>

#include "api/bounties.hpp"
#include "api/bounty_json.hpp"
#include "api/query.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "core/bounty_submissions.hpp"

namespace hw::api {
namespace {

constexpr std::string_view kEmpty = "Too small: expected string to have >=1 characters";

Result<std::optional<std::int64_t>> read_time(const json::object& body, std::string_view name) {
    const auto text = HW_TRY(optional_text(body, name));
    if (!text) return std::nullopt;
    const auto at_ms = text->contains('T') ? parse_time(*text) : parse_date(*text);
    if (at_ms) return std::optional(*at_ms);
    return std::unexpected(invalid_field(
        "invalid_format", name,
        fmt::format("Invalid ISO datetime '{}': expected for example 2026-01-31T12:00:00Z",
                    *text)));
}

Result<std::optional<std::int64_t>> read_reward(const json::object& body) {
    return optional_int(body, "rewardAmount",
                        {.min = 1,
                         .max = limits::kBountyRewardMax,
                         .too_small_message = "Too small: expected number to be >=1",
                         .too_big_message = "Too big: expected number to be <=99999999"});
}

Result<BountyFields> read_fields(const json::object& body) {
    BountyFields fields;
    fields.program_id = HW_TRY(
        optional_text(body, "programId", {.max_characters = limits::kReferenceCharactersMax}));
    fields.name = HW_TRY(optional_text(body, "name",
                                       {.max_characters = limits::kBountyNameCharactersMax,
                                        .trim = true,
                                        .nullable = false,
                                        .empty_message = kEmpty}));
    if (body.contains("description")) {
        fields.description = HW_TRY(optional_text(
            body, "description", {.max_characters = limits::kBountyDescriptionCharactersMax}));
    }
    if (body.contains("type")) {
        fields.kind = HW_TRY(option_text(body, "type", {"submission", "performance"}, ""));
    }
    if (body.contains("rewardAmount")) fields.reward_amount = HW_TRY(read_reward(body));
    fields.group_ids = HW_TRY(
        optional_texts(body, "groupIds", {.max_characters = limits::kReferenceCharactersMax}));
    fields.submissions_max =
        HW_TRY(optional_int(body, "maxSubmissions",
                            {.min = 1,
                             .max = 100,
                             .too_small_message = "Too small: expected number to be >=1",
                             .too_big_message = "Too big: expected number to be <=100"}));
    fields.starts_at_ms = HW_TRY(read_time(body, "startsAt"));
    if (body.contains("endsAt")) fields.ends_at_ms = HW_TRY(read_time(body, "endsAt"));
    fields.archived = HW_TRY(optional_bool(body, "archived"));
    return fields;
}

Answer answer_of(const Bounty& bounty, int status = 200) {
    return json_answer(json::serialize(bounty_json(bounty)), status);
}

Answer answer_of(const BountySubmission& submission, int status = 200) {
    return json_answer(json::serialize(submission_json(submission)), status);
}

std::unexpected<Error> too_many(std::string_view name, std::size_t count) {
    return std::unexpected(
        invalid_field("too_big", name,
                      fmt::format("Too big: expected array to have <={} items, got {}",
                                  limits::kSubmissionUrlsMax, count)));
}

Result<std::vector<SubmittedFile>> read_files(const json::object& body) {
    constexpr TextRule kText{
        .max_characters = limits::kLandingUrlBytesMax, .nullable = false, .empty_message = kEmpty};
    std::vector<SubmittedFile> files;
    const auto* given = body.if_contains("files");
    if (given == nullptr || given->is_null()) return files;
    if (!given->is_array()) {
        return std::unexpected(invalid_field(
            "invalid_type", "files",
            fmt::format("Invalid input: expected array, received {}", json_type_name(given))));
    }
    const auto& all = given->get_array();
    if (all.size() > limits::kSubmissionUrlsMax) return too_many("files", all.size());
    for (const auto& value : all) {
        if (!value.is_object()) {
            return std::unexpected(
                invalid_field("invalid_type", fmt::format("files[{}]", files.size()),
                              "Invalid input: expected object with url, fileName and size"));
        }
        const auto& object = value.get_object();
        SubmittedFile file;
        file.url = HW_TRY(required_text(object, "url", kText));
        file.file_name = HW_TRY(required_text(object, "fileName", kText));
        file.size =
            HW_TRY(optional_int(object, "size",
                                {.min = 0,
                                 .max = limits::kAmountMax,
                                 .too_small_message = "Too small: expected number to be >=0",
                                 .too_big_message = "Too big: expected a safe integer"}))
                .value_or(0);
        files.push_back(std::move(file));
    }
    return files;
}

Result<SubmitBounty> read_submission(const json::object& body) {
    SubmitBounty input;
    constexpr TextRule kId{.max_characters = limits::kReferenceCharactersMax};
    input.partner_id = HW_TRY(optional_text(body, "partnerId", kId));
    input.tenant_id = HW_TRY(optional_text(body, "tenantId", kId));
    if (!input.partner_id && !input.tenant_id) {
        return fail(ErrorCode::BadRequest, "Either `partnerId` or `tenantId` must be provided.",
                    "partner_missing");
    }
    input.description = HW_TRY(optional_text(
        body, "description", {.max_characters = limits::kSubmissionTextCharactersMax}));
    auto urls = HW_TRY(optional_texts(
        body, "urls", {.max_characters = limits::kLandingUrlBytesMax, .trim = true}));
    if (urls && urls->size() > limits::kSubmissionUrlsMax) return too_many("urls", urls->size());
    if (urls) input.urls = std::move(*urls);
    input.files = HW_TRY(read_files(body));
    input.is_draft =
        HW_TRY(option_text(body, "status", {"draft", "submitted"}, "submitted")) == "draft";
    return input;
}

// Clients send no body at all when there is nothing to say.
Result<json::object> parse_optional_object(std::string_view body) {
    if (body.empty()) return json::object{};
    return parse_object(body);
}

SubmissionOrder order_of(std::string_view name) {
    if (name == "performanceCount") return SubmissionOrder::PerformanceCount;
    return name == "socialMetricCount" ? SubmissionOrder::SocialMetricCount
                                       : SubmissionOrder::CompletedAt;
}

Result<SubmissionFilter> read_filter(std::string_view query) {
    SubmissionFilter filter;
    filter.status =
        HW_TRY(query_option(query, "status", {"draft", "submitted", "approved", "rejected"}, ""));
    filter.partner_id = HW_TRY(query_text(query, "partnerId")).value_or("");
    filter.group_id = HW_TRY(query_text(query, "groupId")).value_or("");
    filter.order = order_of(HW_TRY(query_option(
        query, "sortBy", {"completedAt", "performanceCount", "socialMetricCount"}, "completedAt")));
    filter.ascending = HW_TRY(query_option(query, "sortOrder", {"asc", "desc"}, "asc")) == "asc";
    filter.limit = HW_TRY(query_page_size(query));
    filter.offset = (HW_TRY(query_page(query)).value_or(1) - 1) * filter.limit;
    return filter;
}

}  // namespace

Result<Work> list_bounties(const Call& call) {
    auto after = HW_TRY(query_text(call.request.query, "startingAfter")).value_or("");
    const auto limit = HW_TRY(query_page_size(call.request.query));
    return Work{
        Work::Mode::Read, [after = std::move(after), limit](Tx& tx) -> Result<Answer> {
            if (!after.empty() && !find_bounty(tx, tx.workspace_id(), after)) {
                return fail(ErrorCode::UnprocessableEntity,
                            "Invalid cursor: the provided ID does not exist.", "invalid_paging");
            }
            json::array all;
            for (const auto& bounty : hw::list_bounties(tx, tx.workspace_id(), after, limit)) {
                all.push_back(bounty_json(bounty));
            }
            return json_answer(json::serialize(all));
        }};
}

Result<Work> create_bounty(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_fields(body));
    if (!fields.name) {
        return std::unexpected(invalid_field("invalid_type", "name",
                                             "Invalid input: expected string, received undefined"));
    }
    return Work{Work::Mode::Write, [fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::create_bounty(tx, fields)), 201);
                }};
}

Result<Work> get_bounty(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto bounty = find_bounty(tx, tx.workspace_id(), id);
                    if (!bounty) {
                        return fail(ErrorCode::NotFound, "Bounty not found.", "bounty_not_found");
                    }
                    return answer_of(*bounty);
                }};
}

Result<Work> update_bounty(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_fields(body));
    return Work{Work::Mode::Write,
                [fields = std::move(fields), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(change_bounty(tx, id, fields)));
                }};
}

Result<Work> delete_bounty(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto gone = HW_TRY(remove_bounty(tx, id));
                    return json_answer(json::serialize(json::object{{"id", gone}}));
                }};
}

Result<Work> list_bounty_submissions(const Call& call) {
    auto filter = HW_TRY(read_filter(call.request.query));
    filter.bounty_id = call.parameters.at(0);
    return Work{Work::Mode::Read, [filter = std::move(filter)](Tx& tx) -> Result<Answer> {
                    const auto found = HW_TRY(hw::list_bounty_submissions(tx, filter));
                    json::array all;
                    for (const auto& submission : found) all.push_back(submission_json(submission));
                    return json_answer(json::serialize(all));
                }};
}

Result<Work> submit_bounty(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_submission(body));
    input.bounty_id = call.parameters.at(0);
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::submit_bounty(tx, input)), 201);
                }};
}

Result<Work> approve_submission(const Call& call) {
    const auto body = HW_TRY(parse_optional_object(call.request.body));
    const auto reward = HW_TRY(read_reward(body));
    return Work{
        Work::Mode::Write, [reward, ids = call.parameters](Tx& tx) -> Result<Answer> {
            return answer_of(HW_TRY(hw::approve_submission(tx, {ids.at(0), ids.at(1)}, reward)));
        }};
}

Result<Work> reject_submission(const Call& call) {
    const auto body = HW_TRY(parse_optional_object(call.request.body));
    Rejection rejection;
    if (body.contains("rejectionReason") && !body.at("rejectionReason").is_null()) {
        rejection.reason = HW_TRY(option_text(body, "rejectionReason",
                                              {"invalidProof", "duplicateSubmission",
                                               "outOfTimeWindow", "didNotMeetCriteria", "other"},
                                              ""));
    }
    rejection.note = HW_TRY(optional_text(
        body, "rejectionNote", {.max_characters = limits::kSubmissionTextCharactersMax}));
    return Work{
        Work::Mode::Write,
        [rejection = std::move(rejection), ids = call.parameters](Tx& tx) -> Result<Answer> {
            return answer_of(HW_TRY(hw::reject_submission(tx, {ids.at(0), ids.at(1)}, rejection)));
        }};
}

}  // namespace hw::api
