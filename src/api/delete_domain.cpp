// SPDX-License-Identifier: Apache-2.0
#include "core/delete_domain.hpp"

#include "api/delete_domain.hpp"
#include "api/json.hpp"

namespace hw::api {

Result<Work> delete_domain(const Call& call) {
    return Work{Work::Mode::Write, [slug = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto gone = HW_TRY(hw::delete_domain(tx, slug));
                    return json_answer(json::serialize(json::object{{"slug", gone.slug}}));
                }};
}

}  // namespace hw::api
