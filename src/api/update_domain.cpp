// SPDX-License-Identifier: Apache-2.0
#include "core/update_domain.hpp"

#include "api/domain_json.hpp"
#include "api/update_domain.hpp"
#include "base/limits.hpp"

namespace hw::api {

Result<Work> update_domain(const Call& call) {
    const auto text = call.request.body.empty() ? std::string_view("{}") : call.request.body;
    const auto body = HW_TRY(parse_object(text));
    auto new_slug =
        HW_TRY(optional_text(body, "slug", {.max_characters = limits::kDomainCharactersMax}));
    auto fields = HW_TRY(read_domain_fields(body));
    return Work{Work::Mode::Write,
                [slug = call.parameters.at(0), new_slug = std::move(new_slug),
                 fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    const auto domain = HW_TRY(hw::update_domain(tx, slug, new_slug, fields));
                    return json_answer(json::serialize(domain_json(domain)));
                }};
}

}  // namespace hw::api
