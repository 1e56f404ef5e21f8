// SPDX-License-Identifier: Apache-2.0
#include "core/delete_link.hpp"

#include "api/delete_link.hpp"
#include "api/json.hpp"

namespace hw::api {

Result<Work> delete_link(const Call& call) {
    return Work{Work::Mode::Write, [reference = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto link_id = HW_TRY(hw::delete_link(tx, reference));
                    return json_answer(json::serialize(json::object{{"id", link_id}}));
                }};
}

}  // namespace hw::api
