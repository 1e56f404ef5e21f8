// SPDX-License-Identifier: Apache-2.0
#include "core/create_domain.hpp"

#include "base/limits.hpp"
#include "base/url.hpp"

namespace hw {

Result<std::string> normalize_domain(std::string_view text) {
    const bool bare = !text.empty() && text.find_first_of("/?#@:\\[]") == std::string_view::npos;
    const auto url = normalize_destination("https://" + std::string(bare ? text : ""));
    auto host = url ? host_of(*url) : std::string{};
    if (!host.empty() && host.size() <= limits::kDomainCharactersMax) return host;
    return fail(ErrorCode::UnprocessableEntity,
                "Invalid domain: give a host name alone, for example go.example.com.",
                "invalid_domain");
}

Result<Domain> create_domain(Tx& tx, std::string_view workspace_id, std::string_view host) {
    Domain domain;
    domain.slug = HW_TRY(normalize_domain(host));
    domain.workspace_id = workspace_id;
    domain.domain_id = tx.new_id("dom_");
    domain.primary = list_domains(tx, workspace_id).empty();
    domain.created_at_ms = tx.now_ms();
    if (insert_domain(tx, domain)) return domain;
    return fail(ErrorCode::Conflict,
                "The domain '" + domain.slug + "' is already in use. Choose another one.",
                "duplicate_domain");
}

}  // namespace hw
