// SPDX-License-Identifier: Apache-2.0
// GET /domains; and GET /domains/status, for which nothing is ever free here.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_domains(const Call& call);
Result<Work> domain_status(const Call& call);

}  // namespace hw::api
