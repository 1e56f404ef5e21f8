// SPDX-License-Identifier: Apache-2.0
#include "core/create_link.hpp"

#include "api/create_link.hpp"
#include "api/link_body.hpp"
#include "api/link_json.hpp"

namespace hw::api {

Result<Work> create_link(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_create_link(body, call.options));
    return Work{Work::Mode::Write, [&call, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto link = HW_TRY(hw::create_link(tx, input));
                    return json_answer(json::serialize(link_json(link, call.server_url())));
                }};
}

}  // namespace hw::api
