// SPDX-License-Identifier: Apache-2.0
// GET and POST /bounties, GET, PATCH and DELETE /bounties/{id}, and what is submitted for them:
// GET and POST /bounties/{id}/submissions, POST .../{submissionId}/approve and .../reject.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_bounties(const Call& call);
Result<Work> create_bounty(const Call& call);
Result<Work> get_bounty(const Call& call);
Result<Work> update_bounty(const Call& call);
Result<Work> delete_bounty(const Call& call);
Result<Work> list_bounty_submissions(const Call& call);
Result<Work> submit_bounty(const Call& call);
Result<Work> approve_submission(const Call& call);
Result<Work> reject_submission(const Call& call);

}  // namespace hw::api
