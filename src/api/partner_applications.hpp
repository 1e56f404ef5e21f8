// SPDX-License-Identifier: Apache-2.0
// /partners/applications: who asks to take part in the programme. Pages apply with the workspace's
// publishable key and are told nothing about who is known already.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> submit_application(const Call& call);
Result<Work> list_applications(const Call& call);
Result<Work> approve_application(const Call& call);
Result<Work> reject_application(const Call& call);

}  // namespace hw::api
