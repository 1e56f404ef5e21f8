// SPDX-License-Identifier: Apache-2.0
#include "core/update_link.hpp"

#include "api/link_body.hpp"
#include "api/link_json.hpp"
#include "api/update_link.hpp"

namespace hw::api {

Result<Work> update_link(const Call& call) {
    // Clients that have nothing to change send no body at all.
    const auto text = call.request.body.empty() ? std::string_view("{}") : call.request.body;
    const auto body = HW_TRY(parse_object(text));
    auto fields = HW_TRY(read_link_fields(body));
    UpdateLink input{.reference = call.parameters.at(0),
                     .fields = std::move(fields),
                     .key_reserved = reserved_keys(call.options)};
    return Work{Work::Mode::Write, [&call, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto link = HW_TRY(hw::update_link(tx, input));
                    return json_answer(json::serialize(link_json(link, call.server_url())));
                }};
}

}  // namespace hw::api
