// SPDX-License-Identifier: Apache-2.0
// The use cases of /workflows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/tx.hpp"
#include "store/workflows.hpp"

namespace hw {

struct WorkflowFields {
    std::optional<std::string> program_id{};  // of a new one; the workspace's first by default
    std::optional<std::string> name{};
    std::optional<std::string> trigger{};
    std::optional<std::vector<WorkflowCondition>> conditions{};
    std::optional<std::string> action{};
    std::optional<std::string> subject_id{};  // comes with `action`
    std::optional<bool> disabled{};
};

// 422 for conditions or actions that make no sense, and for a move to a group that another enabled
// move could contradict: it names both.
Result<Workflow> create_workflow(Tx& tx, const WorkflowFields& fields);
Result<Workflow> change_workflow(Tx& tx, std::string_view workflow_id,
                                 const WorkflowFields& fields);
Result<Workflow> get_workflow(Tx& tx, std::string_view workflow_id);

// Gives the id. What it did stays done.
Result<std::string> remove_workflow(Tx& tx, std::string_view workflow_id);

}  // namespace hw
