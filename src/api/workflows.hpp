// SPDX-License-Identifier: Apache-2.0
// GET and POST /workflows, GET, PATCH and DELETE /workflows/{id}, GET /workflows/{id}/runs.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_workflows(const Call& call);
Result<Work> create_workflow(const Call& call);
Result<Work> get_workflow(const Call& call);
Result<Work> update_workflow(const Call& call);
Result<Work> delete_workflow(const Call& call);
Result<Work> list_workflow_runs(const Call& call);

}  // namespace hw::api
