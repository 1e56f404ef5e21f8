// SPDX-License-Identifier: Apache-2.0
// Workflows of a programme, and what each of them did to whom (append-only).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct WorkflowCondition {
    std::string attribute;
    std::string comparison;             // gte, lte, between, eq, ne, in, notIn
    std::vector<std::int64_t> numbers;  // two of between; dates as milliseconds
    std::vector<std::string> texts;     // of partnerGroup: group ids
    bool operator==(const WorkflowCondition&) const = default;
};

struct Workflow {
    std::string workspace_id;
    std::string workflow_id;
    std::string program_id;
    std::string name;
    std::string trigger;                        // partnerEnrolled, leadRecorded, saleRecorded, ...
    std::vector<WorkflowCondition> conditions;  // all must hold
    std::string action;                         // awardBounty, moveGroup, sendCampaign
    std::string subject_id;                     // the bounty, group or campaign
    std::optional<std::int64_t> disabled_at_ms;
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;
};

void insert_workflow(Tx& tx, const Workflow& workflow);
void update_workflow(Tx& tx, const Workflow& workflow);
void delete_workflow(Tx& tx, std::string_view workspace_id, std::string_view workflow_id);
std::optional<Workflow> find_workflow(Tx& tx, std::string_view workspace_id,
                                      std::string_view workflow_id);
// Oldest first; there are at most limits::kWorkflowsMax.
std::vector<Workflow> list_workflows(Tx& tx, std::string_view workspace_id);
// Those that are not disabled.
std::vector<Workflow> workflows_of_trigger(Tx& tx, std::string_view workspace_id,
                                           std::string_view trigger);

struct WorkflowRun {
    std::string run_id;
    std::string workflow_id;
    std::string partner_id;
    std::string subject_id;
    std::string trigger;
    std::string detail;
    std::int64_t at_ms = 0;
};
// False when it ran for that partner and subject before.
bool insert_workflow_run(Tx& tx, const WorkflowRun& run);
bool has_workflow_run(Tx& tx, const WorkflowRun& run);
// Newest first, before that run; empty: from the newest.
std::vector<WorkflowRun> list_workflow_runs(Tx& tx, std::string_view workflow_id,
                                            std::string_view after, std::int64_t limit);
std::optional<WorkflowRun> find_workflow_run(Tx& tx, std::string_view workflow_id,
                                             std::string_view run_id);

// Whoever changes the workflows of a programme comes here first, so that two changes see each
// other.
void lock_program(Tx& tx, std::string_view program_id);

// Whoever runs workflows for a partner comes here first: others wait until this transaction ends,
// so that each sees what the one before counted. False: not enrolled.
bool lock_enrollment(Tx& tx, std::string_view program_id, std::string_view partner_id);

// Approved partners of the workflow's programme for whom it never ran, by id, after that one.
std::vector<std::string> partners_without_run(Tx& tx, const Workflow& workflow,
                                              std::string_view after, std::int64_t limit);

}  // namespace hw
