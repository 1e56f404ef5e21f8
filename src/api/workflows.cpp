// SPDX-License-Identifier: Apache-2.0
#include "core/workflows.hpp"

#include <fmt/format.h>

#include "api/json.hpp"
#include "api/query.hpp"
#include "api/workflows.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

constexpr TextRule kRequired{.max_characters = limits::kReferenceCharactersMax,
                             .trim = true,
                             .nullable = false,
                             .empty_message = "Too small: expected string to have >=1 characters"};

std::string_view subject_name(std::string_view action) {
    if (action == "moveGroup") return "groupId";
    return action == "awardBounty" ? "bountyId" : "campaignId";
}

json::value one_value(const WorkflowCondition& condition, std::size_t index) {
    if (condition.attribute == "partnerGroup") return json::value(condition.texts.at(index));
    if (condition.attribute == "partnerJoined") {
        return json::value(time_text(condition.numbers.at(index)));
    }
    return condition.numbers.at(index);
}

json::value value_json(const WorkflowCondition& condition) {
    if (condition.comparison == "between") {
        return json::object{{"min", one_value(condition, 0)}, {"max", one_value(condition, 1)}};
    }
    if (condition.comparison != "in" && condition.comparison != "notIn") {
        return one_value(condition, 0);
    }
    json::array values;
    const auto count = std::max(condition.numbers.size(), condition.texts.size());
    for (std::size_t i = 0; i < count; ++i) values.push_back(one_value(condition, i));
    return values;
}

json::object workflow_json(const Workflow& workflow) {
    json::array conditions;
    for (const auto& condition : workflow.conditions) {
        conditions.push_back(json::object{{"attribute", condition.attribute},
                                          {"operator", condition.comparison},
                                          {"value", value_json(condition)}});
    }
    json::object action{{"type", workflow.action}};
    action[subject_name(workflow.action)] = workflow.subject_id;
    return {{"id", workflow.workflow_id},
            {"programId", workflow.program_id},
            {"name", workflow.name},
            {"trigger", workflow.trigger},
            {"conditions", std::move(conditions)},
            {"action", std::move(action)},
            {"disabledAt", time_or_null(workflow.disabled_at_ms)},
            {"createdAt", time_or_null(workflow.created_at_ms)},
            {"updatedAt", time_or_null(workflow.updated_at_ms)}};
}

Answer answer_of(const Workflow& workflow, int status = 200) {
    return json_answer(json::serialize(workflow_json(workflow)), status);
}

std::unexpected<Error> wrong_value(const std::string& path, const json::value& value,
                                   std::string_view expected) {
    return std::unexpected(invalid_field(
        "invalid_type", path + ".value",
        fmt::format("Invalid input: expected {}, received {}", expected, json_type_name(&value))));
}

// A number, a date or a group id goes to where the condition keeps it.
Result<void> add_value(WorkflowCondition& condition, const std::string& path,
                       const json::value& value) {
    if (condition.attribute == "partnerGroup") {
        if (!value.is_string()) return wrong_value(path, value, "a group id");
        condition.texts.emplace_back(value.get_string());
        return {};
    }
    if (condition.attribute == "partnerJoined") {
        if (!value.is_string()) return wrong_value(path, value, "a date");
        const std::string_view text = value.get_string();
        const auto at_ms = text.contains('T') ? parse_time(text) : parse_date(text);
        if (!at_ms) return wrong_value(path, value, "a date such as 2026-01-31");
        condition.numbers.push_back(*at_ms);
        return {};
    }
    if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > limits::kAmountMax) {
        return wrong_value(path, value, "a whole number from 0");
    }
    condition.numbers.push_back(value.get_int64());
    return {};
}

Result<void> read_values(WorkflowCondition& condition, const std::string& path,
                         const json::value& value) {
    if (condition.comparison == "between") {
        const auto* object = value.if_object();
        const auto* min = object == nullptr ? nullptr : object->if_contains("min");
        const auto* max = object == nullptr ? nullptr : object->if_contains("max");
        if (min == nullptr || max == nullptr) return wrong_value(path, value, "{min, max}");
        HW_CHECK(add_value(condition, path, *min));
        return add_value(condition, path, *max);
    }
    if (condition.comparison != "in" && condition.comparison != "notIn") {
        return add_value(condition, path, value);
    }
    if (!value.is_array()) return wrong_value(path, value, "array");
    for (const auto& each : value.get_array()) HW_CHECK(add_value(condition, path, each));
    return {};
}

Result<WorkflowCondition> read_condition(const json::value& value, const std::string& path) {
    if (!value.is_object()) {
        return std::unexpected(invalid_field(
            "invalid_type", path,
            fmt::format("Invalid input: expected object, received {}", json_type_name(&value))));
    }
    const auto& object = value.get_object();
    WorkflowCondition condition;
    condition.attribute = HW_TRY(required_text(object, "attribute", kRequired));
    condition.comparison = HW_TRY(required_text(object, "operator", kRequired));
    const auto* given = object.if_contains("value");
    HW_CHECK(read_values(condition, path, given == nullptr ? json::value() : *given));
    return condition;
}

Result<std::optional<std::vector<WorkflowCondition>>> read_conditions(const json::object& body) {
    const auto* given = body.if_contains("conditions");
    if (given == nullptr) return std::nullopt;
    if (!given->is_array()) {
        return std::unexpected(invalid_field(
            "invalid_type", "conditions",
            fmt::format("Invalid input: expected array, received {}", json_type_name(given))));
    }
    std::vector<WorkflowCondition> conditions;
    for (const auto& value : given->get_array()) {
        const auto path = fmt::format("conditions[{}]", conditions.size());
        conditions.push_back(HW_TRY(read_condition(value, path)));
    }
    return std::optional(std::move(conditions));
}

Result<void> read_action(const json::object& body, WorkflowFields& fields) {
    const auto* given = body.if_contains("action");
    if (given == nullptr) return {};
    if (!given->is_object()) {
        return std::unexpected(invalid_field(
            "invalid_type", "action",
            fmt::format("Invalid input: expected object, received {}", json_type_name(given))));
    }
    const auto& action = given->get_object();
    fields.action =
        HW_TRY(option_text(action, "type", {"awardBounty", "moveGroup", "sendCampaign"}, ""));
    fields.subject_id = HW_TRY(required_text(action, subject_name(*fields.action), kRequired));
    return {};
}

Result<WorkflowFields> read_fields(const json::object& body) {
    WorkflowFields fields;
    fields.program_id = HW_TRY(optional_text(body, "programId", kRequired));
    fields.name = HW_TRY(
        optional_text(body, "name",
                      {.max_characters = limits::kWorkflowNameCharactersMax,
                       .trim = true,
                       .nullable = false,
                       .empty_message = "Too small: expected string to have >=1 characters"}));
    if (body.contains("trigger")) {
        fields.trigger = HW_TRY(option_text(
            body, "trigger",
            {"partnerEnrolled", "leadRecorded", "saleRecorded", "commissionRecorded", "scheduled"},
            ""));
    }
    fields.conditions = HW_TRY(read_conditions(body));
    HW_CHECK(read_action(body, fields));
    fields.disabled = HW_TRY(optional_bool(body, "disabled"));
    return fields;
}

// What a new workflow cannot be without.
Result<void> check_complete(const WorkflowFields& fields) {
    const auto missing = !fields.name      ? "name"
                         : !fields.trigger ? "trigger"
                         : !fields.action  ? "action"
                                           : "";
    if (*missing == '\0') return {};
    return std::unexpected(invalid_field("invalid_type", missing,
                                         "Invalid input: it is required, received undefined"));
}

json::object run_json(const WorkflowRun& run) {
    return {{"id", run.run_id},
            {"partnerId", run.partner_id},
            {"subjectId", run.subject_id},
            {"trigger", run.trigger},
            {"detail", run.detail},
            {"createdAt", time_or_null(run.at_ms)}};
}

}  // namespace

Result<Work> list_workflows(const Call&) {
    return Work{Work::Mode::Read, [](Tx& tx) -> Result<Answer> {
                    json::array all;
                    for (const auto& workflow : hw::list_workflows(tx, tx.workspace_id())) {
                        all.push_back(workflow_json(workflow));
                    }
                    return json_answer(json::serialize(all));
                }};
}

Result<Work> create_workflow(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_fields(body));
    HW_CHECK(check_complete(fields));
    return Work{Work::Mode::Write, [fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::create_workflow(tx, fields)), 201);
                }};
}

Result<Work> get_workflow(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::get_workflow(tx, id)));
                }};
}

Result<Work> update_workflow(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_fields(body));
    return Work{Work::Mode::Write,
                [fields = std::move(fields), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(change_workflow(tx, id, fields)));
                }};
}

Result<Work> delete_workflow(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto gone = HW_TRY(remove_workflow(tx, id));
                    return json_answer(json::serialize(json::object{{"id", gone}}));
                }};
}

Result<Work> list_workflow_runs(const Call& call) {
    auto after = HW_TRY(query_text(call.request.query, "startingAfter")).value_or("");
    const auto limit = HW_TRY(query_page_size(call.request.query));
    return Work{
        Work::Mode::Read,
        [after = std::move(after), limit, id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
            HW_TRY(hw::get_workflow(tx, id));
            if (!after.empty() && !find_workflow_run(tx, id, after)) {
                return fail(ErrorCode::UnprocessableEntity,
                            "Invalid cursor: the provided ID does not exist.", "invalid_paging");
            }
            json::array runs;
            for (const auto& run : hw::list_workflow_runs(tx, id, after, limit)) {
                runs.push_back(run_json(run));
            }
            return json_answer(json::serialize(runs));
        }};
}

}  // namespace hw::api
