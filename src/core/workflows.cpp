// SPDX-License-Identifier: Apache-2.0
#include "core/workflows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "core/workflow_conditions.hpp"
#include "store/bounties.hpp"
#include "store/programs.hpp"

namespace hw {
namespace {

constexpr std::string_view kMove = "moveGroup";
constexpr std::string_view kAward = "awardBounty";

std::unexpected<Error> refuse(std::string message) {
    return fail(ErrorCode::UnprocessableEntity, std::move(message), "invalid_workflow");
}

Result<void> check_conditions(const Workflow& workflow) {
    for (const auto& condition : workflow.conditions) HW_CHECK(check_condition(condition));
    const auto count = workflow.conditions.size();
    if (count > limits::kWorkflowConditionsMax) {
        return refuse(
            fmt::format("too_big: conditions: Too big: expected array to have <={} "
                        "items, got {}",
                        limits::kWorkflowConditionsMax, count));
    }
    if (workflow.action == kAward && count != 1) {
        return refuse(fmt::format(
            "invalid_value: conditions: awardBounty takes exactly one condition, got {}", count));
    }
    if (workflow.action == kMove && count == 0) {
        return refuse("too_small: conditions: moveGroup needs at least one condition");
    }
    const bool by_days =
        std::ranges::find(workflow.conditions, "partnerEnrolledDays",
                          &WorkflowCondition::attribute) != workflow.conditions.end();
    if (workflow.trigger == "scheduled" && !by_days) {
        return refuse(
            "invalid_value: conditions: the trigger scheduled needs a condition on "
            "partnerEnrolledDays");
    }
    if (!can_all_hold(workflow.conditions)) {
        return refuse("invalid_value: conditions: no partner can ever meet all of them");
    }
    return {};
}

Result<void> check_groups(Tx& tx, const Workflow& workflow) {
    auto ids =
        workflow.action == kMove ? std::vector{workflow.subject_id} : std::vector<std::string>{};
    for (const auto& condition : workflow.conditions) {
        ids.insert(ids.end(), condition.texts.begin(), condition.texts.end());
    }
    for (const auto& id : ids) {
        const auto group = find_group(tx, tx.workspace_id(), id);
        if (group && group->program_id == workflow.program_id) continue;
        return refuse(fmt::format("invalid_value: groupId: there is no group {} in program {}", id,
                                  workflow.program_id));
    }
    return {};
}

Result<void> check_bounty(Tx& tx, const Workflow& workflow) {
    if (workflow.action != kAward) return {};
    const auto bounty = find_bounty(tx, tx.workspace_id(), workflow.subject_id);
    if (bounty && bounty->program_id == workflow.program_id) return {};
    return refuse(fmt::format("invalid_value: action.bountyId: there is no bounty {} in program {}",
                              workflow.subject_id, workflow.program_id));
}

// Where both would move the partner, the order of events would decide.
Result<void> check_moves(Tx& tx, const Workflow& workflow) {
    if (workflow.action != kMove || workflow.disabled_at_ms) return {};
    for (const auto& other : list_workflows(tx, tx.workspace_id())) {
        const bool is_rival = other.workflow_id != workflow.workflow_id && other.action == kMove &&
                              !other.disabled_at_ms && other.program_id == workflow.program_id;
        if (!is_rival) continue;
        auto both = workflow.conditions;
        both.insert(both.end(), other.conditions.begin(), other.conditions.end());
        if (!can_all_hold(both)) continue;
        return refuse(fmt::format(
            "invalid_value: conditions: '{}' (to group {}) and workflow {} "
            "'{}' (to group {}) can both match one partner: make their "
            "conditions exclude each other",
            workflow.name, workflow.subject_id, other.workflow_id, other.name, other.subject_id));
    }
    return {};
}

Result<void> apply(Tx& tx, Workflow& workflow, const WorkflowFields& fields) {
    workflow.name = fields.name.value_or(workflow.name);
    workflow.trigger = fields.trigger.value_or(workflow.trigger);
    if (fields.conditions) workflow.conditions = *fields.conditions;
    workflow.action = fields.action.value_or(workflow.action);
    workflow.subject_id = fields.subject_id.value_or(workflow.subject_id);
    if (fields.disabled) {
        workflow.disabled_at_ms = *fields.disabled ? std::optional(tx.now_ms()) : std::nullopt;
    }
    workflow.updated_at_ms = tx.now_ms();
    HW_CHECK(check_conditions(workflow));
    HW_CHECK(check_groups(tx, workflow));
    HW_CHECK(check_bounty(tx, workflow));
    return check_moves(tx, workflow);
}

}  // namespace

Result<Workflow> create_workflow(Tx& tx, const WorkflowFields& fields) {
    const auto program = fields.program_id ? find_program(tx, tx.workspace_id(), *fields.program_id)
                                           : default_program(tx, tx.workspace_id());
    if (!program) return fail(ErrorCode::NotFound, "Program not found", "program_not_found");
    lock_program(tx, program->program_id);
    if (std::ssize(list_workflows(tx, tx.workspace_id())) >= limits::kWorkflowsMax) {
        return fail(ErrorCode::Conflict,
                    fmt::format("The workspace has {} workflows, the most there can be: delete one "
                                "first.",
                                limits::kWorkflowsMax),
                    "too_many_workflows");
    }
    Workflow workflow;
    workflow.workspace_id = tx.workspace_id();
    workflow.workflow_id = tx.new_id("wf_");
    workflow.program_id = program->program_id;
    workflow.created_at_ms = tx.now_ms();
    HW_CHECK(apply(tx, workflow, fields));
    insert_workflow(tx, workflow);
    return workflow;
}

Result<Workflow> change_workflow(Tx& tx, std::string_view workflow_id,
                                 const WorkflowFields& fields) {
    auto workflow = HW_TRY(get_workflow(tx, workflow_id));
    lock_program(tx, workflow.program_id);
    HW_CHECK(apply(tx, workflow, fields));
    update_workflow(tx, workflow);
    return workflow;
}

Result<Workflow> get_workflow(Tx& tx, std::string_view workflow_id) {
    auto workflow = find_workflow(tx, tx.workspace_id(), workflow_id);
    if (!workflow) return fail(ErrorCode::NotFound, "Workflow not found.", "workflow_not_found");
    return std::move(*workflow);
}

Result<std::string> remove_workflow(Tx& tx, std::string_view workflow_id) {
    const auto workflow = HW_TRY(get_workflow(tx, workflow_id));
    delete_workflow(tx, tx.workspace_id(), workflow_id);
    return workflow.workflow_id;
}

}  // namespace hw
