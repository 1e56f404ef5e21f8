// SPDX-License-Identifier: Apache-2.0
#include "store/workflows.hpp"

#include <boost/json.hpp>

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertWorkflow{"insert_workflow", R"sql(
insert into workflows (workspace_id, workflow_id, program_id, name, trigger_kind, conditions,
    action_kind, action_subject_id, disabled_at_ms, created_at_ms, updated_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

const Query kUpdateWorkflow{"update_workflow", R"sql(
update workflows set name = $3, trigger_kind = $4, conditions = $5, action_kind = $6,
    action_subject_id = $7, disabled_at_ms = $8, updated_at_ms = $9
where workspace_id = $1 and workflow_id = $2
)sql"};

const Query kDeleteWorkflow{"delete_workflow", R"sql(
delete from workflows where workspace_id = $1 and workflow_id = $2
)sql"};

const std::string kColumns =
    "select workspace_id, workflow_id, program_id, name, trigger_kind, conditions, action_kind, "
    "action_subject_id, disabled_at_ms, created_at_ms, updated_at_ms from workflows "
    "where workspace_id = $1 ";

const Query kFindWorkflow{"find_workflow", kColumns + "and workflow_id = $2"};
const Query kListWorkflows{"list_workflows", kColumns + "order by workflow_id"};
const Query kWorkflowsOfTrigger{
    "workflows_of_trigger",
    kColumns + "and trigger_kind = $2 and disabled_at_ms is null order by workflow_id"};

const Query kInsertRun{"insert_workflow_run", R"sql(
insert into workflow_runs (workspace_id, workflow_id, partner_id, subject_id, run_id, trigger_kind,
    detail, at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning 1
)sql"};

const Query kHasRun{"has_workflow_run", R"sql(
select 1 from workflow_runs
where workspace_id = $1 and workflow_id = $2 and partner_id = $3 and subject_id = $4
)sql"};

const std::string kRunColumns =
    "select run_id, workflow_id, partner_id, subject_id, trigger_kind, detail, at_ms "
    "from workflow_runs where workspace_id = $1 and workflow_id = $2 ";

const Query kListRuns{"list_workflow_runs",
                      kRunColumns + "and run_id < $3 order by run_id desc limit $4"};
const Query kFindRun{"find_workflow_run", kRunColumns + "and run_id = $3"};

const Query kLockProgram{"lock_program", R"sql(
update programs set created_at_ms = created_at_ms where workspace_id = $1 and program_id = $2
)sql"};

const Query kLockEnrollment{"lock_enrollment", R"sql(
update enrollments set updated_at_ms = updated_at_ms
where workspace_id = $1 and program_id = $2 and partner_id = $3 returning 1
)sql"};

const Query kPartnersWithoutRun{"partners_without_run", R"sql(
select e.partner_id from enrollments e
where e.workspace_id = $1 and e.program_id = $2 and e.partner_id > $3 and e.status = 'approved'
    and not exists (select 1 from workflow_runs r where r.workspace_id = e.workspace_id
        and r.workflow_id = $4 and r.partner_id = e.partner_id and r.subject_id = $5)
order by e.partner_id limit $6
)sql"};

constexpr std::string_view kAboveEveryId = "\U0010FFFF";

std::string conditions_text(const std::vector<WorkflowCondition>& conditions) {
    json::array all;
    for (const auto& condition : conditions) {
        json::object object;
        object["attribute"] = condition.attribute;
        object["operator"] = condition.comparison;
        object["numbers"] = json::array(condition.numbers.begin(), condition.numbers.end());
        object["texts"] = json::array(condition.texts.begin(), condition.texts.end());
        all.push_back(std::move(object));
    }
    return json::serialize(all);
}

std::vector<WorkflowCondition> conditions_from(const std::string& text) {
    std::vector<WorkflowCondition> conditions;
    const auto all = json::parse(text);
    for (const auto& value : all.as_array()) {
        WorkflowCondition condition;
        condition.attribute = value.at("attribute").as_string();
        condition.comparison = value.at("operator").as_string();
        for (const auto& number : value.at("numbers").as_array()) {
            condition.numbers.push_back(number.as_int64());
        }
        for (const auto& each : value.at("texts").as_array()) {
            condition.texts.emplace_back(each.as_string());
        }
        conditions.push_back(std::move(condition));
    }
    return conditions;
}

Workflow workflow_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .workflow_id = row.text(1),
            .program_id = row.text(2),
            .name = row.text(3),
            .trigger = row.text(4),
            .conditions = conditions_from(row.text(5)),
            .action = row.text(6),
            .subject_id = row.text(7),
            .disabled_at_ms = row.optional_int64(8),
            .created_at_ms = row.int64(9),
            .updated_at_ms = row.int64(10)};
}

WorkflowRun run_from(const Row& row) {
    return {.run_id = row.text(0),
            .workflow_id = row.text(1),
            .partner_id = row.text(2),
            .subject_id = row.text(3),
            .trigger = row.text(4),
            .detail = row.text(5),
            .at_ms = row.int64(6)};
}

}  // namespace

void insert_workflow(Tx& tx, const Workflow& w) {
    const auto conditions = conditions_text(w.conditions);
    tx.exec(kInsertWorkflow, w.workspace_id, w.workflow_id, w.program_id, w.name, w.trigger,
            conditions, w.action, w.subject_id, w.disabled_at_ms, w.created_at_ms, w.updated_at_ms);
}

void update_workflow(Tx& tx, const Workflow& w) {
    const auto conditions = conditions_text(w.conditions);
    tx.exec(kUpdateWorkflow, w.workspace_id, w.workflow_id, w.name, w.trigger, conditions, w.action,
            w.subject_id, w.disabled_at_ms, w.updated_at_ms);
}

void delete_workflow(Tx& tx, std::string_view workspace_id, std::string_view workflow_id) {
    tx.exec(kDeleteWorkflow, workspace_id, workflow_id);
}

std::optional<Workflow> find_workflow(Tx& tx, std::string_view workspace_id,
                                      std::string_view workflow_id) {
    return tx.first(kFindWorkflow, workflow_from, workspace_id, workflow_id);
}

std::vector<Workflow> list_workflows(Tx& tx, std::string_view workspace_id) {
    return tx.all(kListWorkflows, workflow_from, workspace_id);
}

std::vector<Workflow> workflows_of_trigger(Tx& tx, std::string_view workspace_id,
                                           std::string_view trigger) {
    return tx.all(kWorkflowsOfTrigger, workflow_from, workspace_id, trigger);
}

bool insert_workflow_run(Tx& tx, const WorkflowRun& run) {
    return tx.any(kInsertRun, tx.workspace_id(), run.workflow_id, run.partner_id, run.subject_id,
                  run.run_id, run.trigger, run.detail, run.at_ms);
}

bool has_workflow_run(Tx& tx, const WorkflowRun& run) {
    return tx.any(kHasRun, tx.workspace_id(), run.workflow_id, run.partner_id, run.subject_id);
}

std::vector<WorkflowRun> list_workflow_runs(Tx& tx, std::string_view workflow_id,
                                            std::string_view after, std::int64_t limit) {
    const std::string_view before = after.empty() ? kAboveEveryId : after;
    return tx.all(kListRuns, run_from, tx.workspace_id(), workflow_id, before, limit);
}

std::optional<WorkflowRun> find_workflow_run(Tx& tx, std::string_view workflow_id,
                                             std::string_view run_id) {
    return tx.first(kFindRun, run_from, tx.workspace_id(), workflow_id, run_id);
}

void lock_program(Tx& tx, std::string_view program_id) {
    tx.exec(kLockProgram, tx.workspace_id(), program_id);
}

bool lock_enrollment(Tx& tx, std::string_view program_id, std::string_view partner_id) {
    return tx.any(kLockEnrollment, tx.workspace_id(), program_id, partner_id);
}

std::vector<std::string> partners_without_run(Tx& tx, const Workflow& workflow,
                                              std::string_view after, std::int64_t limit) {
    return tx.all(
        kPartnersWithoutRun, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        workflow.program_id, after, workflow.workflow_id, workflow.subject_id, limit);
}

}  // namespace hw
