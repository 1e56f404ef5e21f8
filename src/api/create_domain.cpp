// SPDX-License-Identifier: Apache-2.0
#include "api/create_domain.hpp"

#include <algorithm>

#include "api/api.hpp"
#include "api/domain_json.hpp"
#include "base/limits.hpp"
#include "core/claim_domain.hpp"
#include "core/create_domain.hpp"

namespace hw::api {

Result<Work> create_domain(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    const auto text = HW_TRY(required_text(
        body, "slug",
        {.max_characters = limits::kDomainCharactersMax, .empty_message = "slug cannot be empty"}));
    const auto slug = HW_TRY(normalize_domain(text));
    auto fields = HW_TRY(read_domain_fields(body));
    const auto& own = call.options.app_hosts;
    if (std::ranges::find(own, slug) != own.end()) {
        return fail(ErrorCode::Conflict,
                    "The domain '" + slug + "' is this server's own. Choose another one.",
                    "domain_of_server");
    }
    return Work{Work::Mode::Write, [slug, fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    const auto made = HW_TRY(claim_domain(tx, slug, fields));
                    return json_answer(json::serialize(domain_json(made)), 201);
                }};
}

Result<Work> register_domain(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    const auto domain = HW_TRY(required_text(body, "domain"));
    return fail(ErrorCode::Forbidden,
                "This server is self-hosted and registers no domains. Register '" + domain +
                    "' with a registrar of your choice, then add it with POST /domains.",
                "no_registrar");
}

}  // namespace hw::api
