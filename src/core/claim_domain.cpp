// SPDX-License-Identifier: Apache-2.0
#include "core/claim_domain.hpp"

#include "base/url.hpp"
#include "core/create_domain.hpp"

namespace hw {
namespace {

constexpr std::size_t kTokenCharacters = 32;

Result<void> set_destination(const Patch<std::string>& patch, std::optional<std::string>& out) {
    if (!patch) return {};
    out.reset();
    if (*patch) out = HW_TRY(normalize_destination(**patch));
    return {};
}

}  // namespace

Result<void> apply_fields(const DomainFields& fields, Domain& domain) {
    if (fields.archived) domain.archived = *fields.archived;
    HW_CHECK(set_destination(fields.expired_url, domain.expired_url));
    HW_CHECK(set_destination(fields.not_found_url, domain.not_found_url));
    HW_CHECK(set_destination(fields.logo, domain.logo));
    if (fields.placeholder) domain.placeholder = *fields.placeholder;
    if (fields.asset_links) domain.asset_links = *fields.asset_links;
    if (fields.apple_app_site_association) {
        domain.apple_app_site_association = *fields.apple_app_site_association;
    }
    return {};
}

Result<Domain> claim_domain(Tx& tx, std::string_view host, const DomainFields& fields) {
    Domain domain;
    domain.slug = HW_TRY(normalize_domain(host));
    domain.workspace_id = tx.workspace_id();
    domain.verified = false;
    HW_CHECK(apply_fields(fields, domain));
    if (find_own_domain(tx, domain.workspace_id, domain.slug)) {
        return fail(ErrorCode::Conflict,
                    "The domain '" + domain.slug + "' is already in use. Choose another one.",
                    "duplicate_domain");
    }
    domain.domain_id = tx.new_id("dom_");
    domain.primary = list_domains(tx, domain.workspace_id).empty();
    domain.token = random_text(kTokenCharacters, tx.env());
    domain.created_at_ms = tx.now_ms();
    domain.updated_at_ms = tx.now_ms();
    insert_domain(tx, domain);
    return domain;
}

Result<Domain> find_named_domain(Tx& tx, std::string_view workspace_id, std::string_view slug) {
    const auto host = normalize_domain(slug);
    auto domain = host ? find_own_domain(tx, workspace_id, *host) : std::nullopt;
    if (domain) return std::move(*domain);
    return fail(ErrorCode::NotFound, "Domain not found.", "domain_not_found");
}

std::string token_name(std::string_view slug) {
    return "_headwater." + std::string(slug);
}

}  // namespace hw
