// SPDX-License-Identifier: Apache-2.0
// /programs and /groups: a programme, and the groups of its partners.
#pragma once

#include "api/call.hpp"
#include "api/json.hpp"
#include "store/programs.hpp"

namespace hw {

json::object group_json(const PartnerGroup& group);

namespace api {

Result<Work> list_programs(const Call& call);
Result<Work> create_program(const Call& call);
Result<Work> get_program(const Call& call);
Result<Work> update_program(const Call& call);

Result<Work> list_groups(const Call& call);
Result<Work> create_group(const Call& call);
Result<Work> get_group(const Call& call);
Result<Work> update_group(const Call& call);
Result<Work> delete_group(const Call& call);

}  // namespace api
}  // namespace hw
