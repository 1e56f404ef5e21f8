// SPDX-License-Identifier: Apache-2.0
#include "api/partner_body.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/link_body.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

constexpr TextRule kName{.max_characters = limits::kPartnerNameCharactersMax, .trim = true};
constexpr TextRule kId{.max_characters = limits::kReferenceCharactersMax, .trim = true};

constexpr std::string_view kLinkProps[] = {
    "externalId",   "tenantId",      "archived",       "tagIds", "tagNames", "comments",
    "expiresAt",    "expiredUrl",    "password",       "proxy",  "title",    "description",
    "image",        "video",         "rewrite",        "ios",    "android",  "doIndex",
    "testVariants", "testStartedAt", "testCompletedAt"};

std::optional<std::string> not_empty(std::optional<std::string> text) {
    return text && !text->empty() ? std::move(text) : std::nullopt;
}

Result<std::optional<std::string>> read_country(const json::object& body) {
    const auto country =
        not_empty(HW_TRY(optional_text(body, "country", {.max_characters = 2, .trim = true})));
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (!country || (country->size() == 2 && std::ranges::all_of(*country, is_letter))) {
        return country;
    }
    return std::unexpected(invalid_field(
        "invalid_value", "country",
        fmt::format("'{}' is no country: write two capital letters of ISO 3166-1", *country)));
}

}  // namespace

Result<PartnerReference> read_partner_reference(const json::object& body) {
    PartnerReference reference;
    reference.partner_id = not_empty(HW_TRY(optional_text(body, "partnerId", kId)));
    reference.tenant_id = not_empty(HW_TRY(optional_text(body, "tenantId", kId)));
    return reference;
}

Result<PartnerReference> read_partner_reference(std::string_view query) {
    PartnerReference reference;
    reference.partner_id = HW_TRY(query_text(query, "partnerId"));
    reference.tenant_id = HW_TRY(query_text(query, "tenantId"));
    return reference;
}

Result<PartnerLink> read_partner_link_props(const json::object& body, const ApiOptions& options) {
    PartnerLink link;
    link.key_reserved = reserved_keys(options);
    const auto* props = body.if_contains("linkProps");
    if (props == nullptr || props->is_null()) return link;
    if (!props->is_object()) {
        return std::unexpected(invalid_field(
            "invalid_type", "linkProps",
            fmt::format("Invalid input: expected object, received {}", json_type_name(props))));
    }
    json::object known;
    for (const auto name : kLinkProps) {
        if (const auto* value = props->get_object().if_contains(name)) known[name] = *value;
    }
    link.props = HW_TRY(read_link_fields(known));
    link.prefix = HW_TRY(optional_text(props->get_object(), "prefix",
                                       {.max_characters = limits::kKeyCharactersMax}))
                      .value_or("");
    while (link.prefix.ends_with('/')) link.prefix.pop_back();
    return link;
}

Result<NewPartner> read_new_partner(const json::object& body, const ApiOptions& options) {
    NewPartner input;
    const auto email = HW_TRY(optional_email(
        body, "email", {.max_characters = limits::kPartnerEmailCharactersMax, .trim = true}));
    if (!email) {
        const auto* value = body.if_contains("email");
        return std::unexpected(invalid_field(
            "invalid_type", "email",
            fmt::format("Invalid input: expected string, received {}", json_type_name(value))));
    }
    input.email = *email;
    input.name = not_empty(HW_TRY(optional_text(body, "name", kName)));
    input.username = not_empty(HW_TRY(optional_text(body, "username", kName)));
    input.image = not_empty(HW_TRY(optional_text(
        body, "image", {.max_characters = limits::kDestinationUrlCharactersMax, .trim = true})));
    input.tenant_id = not_empty(HW_TRY(optional_text(body, "tenantId", kId)));
    input.group_id = not_empty(HW_TRY(optional_text(body, "groupId", kId)));
    input.country = HW_TRY(read_country(body));
    input.description = not_empty(HW_TRY(optional_text(
        body, "description", {.max_characters = limits::kPartnerDescriptionCharactersMax})));
    input.company_name = not_empty(HW_TRY(
        optional_text(body, "companyName", {.max_characters = limits::kProgramTextCharactersMax})));
    input.referred_by_partner_id =
        not_empty(HW_TRY(optional_text(body, "referredByPartnerId", kId)));
    input.links = HW_TRY(read_partner_link_props(body, options));
    return input;
}

}  // namespace hw
