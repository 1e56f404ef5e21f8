// SPDX-License-Identifier: Apache-2.0
#include "core/partner_links.hpp"

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/fault.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "base/slug.hpp"
#include "base/url.hpp"
#include "core/programs.hpp"
#include "core/update_link.hpp"

namespace hw {
namespace {

constexpr int kAttemptsMax = 20;
constexpr std::size_t kSuffixCharacters = 4;
constexpr std::size_t kNameKeyCharactersMax = 60;

Error not_enrolled() {
    return {ErrorCode::NotFound, "The partner is not enrolled in this program.",
            "partner_not_enrolled"};
}

// User name, else name, else the e-mail before its @, as a key.
std::string key_of(const Partner& partner) {
    if (partner.username && !partner.username->empty()) return *partner.username;
    auto key = partner.name == partner.email ? std::string{}
                                             : slug_of(partner.name, kNameKeyCharactersMax);
    const auto local = partner.email ? partner.email->substr(0, partner.email->find('@')) : "";
    if (key.empty()) key = slug_of(local, kNameKeyCharactersMax);
    return key.empty() ? "partner" : key;
}

std::string with_suffix(Tx& tx, const std::string& key) {
    return key + "-" + ascii_lower(random_text(kSuffixCharacters, tx.env()));
}

struct Terms {
    Program program;
    PartnerGroup group;
    Enrollment enrollment;
    Partner partner;
};

Result<Terms> terms_of(Tx& tx, const Enrollment& enrollment) {
    auto program = HW_TRY(required_program(tx, enrollment.program_id));
    auto group = HW_TRY(get_group(tx, enrollment.group_id));
    auto partner = find_partner(tx, tx.workspace_id(), enrollment.partner_id);
    HW_ASSERT(partner);
    return Terms{std::move(program), std::move(group), enrollment, std::move(*partner)};
}

Result<Terms> earning_terms(Tx& tx, const PartnerReference& reference) {
    const auto enrollment = HW_TRY(find_enrolled(tx, reference));
    const auto& status = enrollment.status;
    if (status == "approved" || status == "archived" || status == "invited") {
        return terms_of(tx, enrollment);
    }
    return fail(ErrorCode::Forbidden,
                fmt::format("The partner's status is '{}': only approved, archived and invited "
                            "partners have links made.",
                            status),
                "partner_inactive");
}

// What every link of the partner has.
LinkFields fields_of(const Terms& terms, const LinkFields& props) {
    auto fields = props;
    fields.program_id.emplace(terms.program.program_id);
    fields.partner_id.emplace(terms.partner.partner_id);
    if (!fields.tenant_id) fields.tenant_id.emplace(terms.enrollment.tenant_id);
    fields.track_conversion = true;
    return fields;
}

// `key` as it is, when it is free; else with something behind it.
Result<LinkWithTotals> create_with_free_key(Tx& tx, CreateLink input, const std::string& key,
                                            bool wants_suffix) {
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
        const bool plain = attempt == 0 && !wants_suffix;
        input.fields.key = plain ? key : with_suffix(tx, key);
        auto made = create_link(tx, input);
        const bool again = !made && (made.error().reason == "duplicate_key" ||
                                     made.error().reason == "reserved_key");
        if (!again) return made;
    }
    return fail(ErrorCode::Conflict, "Duplicate key: no free key was found. Give one.",
                "no_free_key");
}

std::string prefixed(const PartnerLink& input, const std::string& key) {
    return input.prefix.empty() ? key : input.prefix + "/" + key;
}

Result<LinkWithTotals> create_for(Tx& tx, const Terms& terms, const PartnerLink& input) {
    CreateLink link;
    link.fields = fields_of(terms, input.props);
    link.key_reserved = input.key_reserved;
    if (!link.fields.domain) link.fields.domain = terms.program.domain;
    auto url = input.url;
    if (!url && !terms.group.default_links.empty()) url = terms.group.default_links.front().url;
    if (!url) url = terms.program.url;
    if (!url) return fail(ErrorCode::BadRequest, "Missing destination URL", "no_url");
    link.fields.url = HW_TRY(normalize_destination(*url));
    HW_CHECK(check_partner_url(terms.program, terms.group, *link.fields.url));
    if (!input.key || input.key->empty()) {
        return create_with_free_key(tx, std::move(link), prefixed(input, key_of(terms.partner)),
                                    false);
    }
    link.fields.key = prefixed(input, *input.key);
    return create_link(tx, link);
}

}  // namespace

Result<Enrollment> find_enrolled(Tx& tx, const PartnerReference& reference) {
    if (!reference.partner_id && !reference.tenant_id) {
        return fail(ErrorCode::BadRequest, "Either `partnerId` or `tenantId` must be provided.",
                    "no_partner");
    }
    const auto program = HW_TRY(required_program(tx));
    const auto& ws = tx.workspace_id();
    auto found =
        reference.partner_id
            ? find_enrollment(tx, ws, program.program_id, *reference.partner_id)
            : find_enrollment_by_tenant_id(tx, ws, program.program_id, *reference.tenant_id);
    if (!found) return std::unexpected(not_enrolled());
    return std::move(*found);
}

Result<std::vector<LinkAndTotals>> list_partner_links(Tx& tx, const PartnerReference& reference) {
    const auto enrollment = HW_TRY(find_enrolled(tx, reference));
    return load_partner(tx, enrollment).links;
}

Result<LinkWithTotals> create_partner_link(Tx& tx, const PartnerLink& input) {
    const auto terms = HW_TRY(earning_terms(tx, input.partner));
    return create_for(tx, terms, input);
}

Result<LinkWithTotals> upsert_partner_link(Tx& tx, const PartnerLink& input) {
    const auto terms = HW_TRY(earning_terms(tx, input.partner));
    const auto url = HW_TRY(normalize_destination(input.url.value_or("")));
    for (const auto& [link, totals] : load_partner(tx, terms.enrollment).links) {
        if (link.url != url) continue;
        HW_CHECK(check_partner_url(terms.program, terms.group, url));
        auto fields = fields_of(terms, input.props);
        fields.url = url;
        if (input.key && !input.key->empty()) fields.key = prefixed(input, *input.key);
        return update_found_link(tx, link, fields, input.key_reserved);
    }
    return create_for(tx, terms, input);
}

Result<void> create_default_links(Tx& tx, const EnrolledPartner& enrolled,
                                  const PartnerLink& input) {
    const auto terms = HW_TRY(terms_of(tx, enrolled.enrollment));
    auto wanted = terms.group.default_links;
    if (wanted.empty() && terms.program.url) {
        wanted.push_back({terms.program.domain.value_or(""), *terms.program.url});
    }
    const auto key = prefixed(input, key_of(terms.partner));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        CreateLink link;
        link.fields = fields_of(terms, input.props);
        if (i > 0) link.fields.external_id.reset();  // which one link alone can have
        link.fields.url = wanted[i].url;
        if (!wanted[i].domain.empty()) link.fields.domain = wanted[i].domain;
        link.key_reserved = input.key_reserved;
        HW_TRY(create_with_free_key(tx, std::move(link), key, wanted.size() > 1));
    }
    return {};
}

Result<void> check_link_partner(Tx& tx, const LinkFields& fields, Link& link) {
    if (!fields.partner_id && !fields.program_id) return {};
    if (!link.partner_id) return {};
    const auto program = HW_TRY(required_program(tx, link.program_id));
    if (!find_enrollment(tx, tx.workspace_id(), program.program_id, *link.partner_id)) {
        return std::unexpected(not_enrolled());
    }
    link.program_id = program.program_id;
    return {};
}

}  // namespace hw
