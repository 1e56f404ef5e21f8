// SPDX-License-Identifier: Apache-2.0
#include "api/link_body.hpp"

#include <algorithm>
#include <array>

#include "api/routes.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 17> kNotYet = {"tagId",
                                                      "tagIds",
                                                      "tagNames",
                                                      "folderId",
                                                      "password",
                                                      "proxy",
                                                      "video",
                                                      "rewrite",
                                                      "ios",
                                                      "android",
                                                      "geo",
                                                      "testVariants",
                                                      "testStartedAt",
                                                      "testCompletedAt",
                                                      "publicStats",
                                                      "webhookIds",
                                                      "linkRetentionCleanupDisabledAt"};

constexpr std::array<std::string_view, 6> kUrlParameters = {
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "ref"};

bool says_nothing(const json::value& value) {
    if (value.is_bool()) return !value.get_bool();
    if (value.is_string()) return value.get_string().empty();
    if (value.is_array()) return std::ranges::all_of(value.get_array(), says_nothing);
    if (value.is_object()) return value.get_object().empty();
    return value.is_null();
}

Result<void> refuse_unsupported(const json::object& body) {
    for (const auto name : kNotYet) {
        const auto* value = body.if_contains(name);
        if (value == nullptr || says_nothing(*value)) continue;
        return std::unexpected(invalid_field(
            "invalid_value", name, "not supported by this server yet; leave it out or send null"));
    }
    return {};
}

// Null clears the field, and so does an empty text.
Result<Patch<std::string>> read_patch(const json::object& body, std::string_view name,
                                      TextRule rule) {
    if (!body.contains(name)) return Patch<std::string>{};
    auto text = HW_TRY(optional_text(body, name, rule));
    if (text && text->empty()) text.reset();
    return Patch<std::string>(std::in_place, std::move(text));
}

Result<std::vector<UrlParameter>> read_url_parameters(const json::object& body) {
    std::vector<UrlParameter> parameters;
    for (const auto name : kUrlParameters) {
        auto value =
            HW_TRY(read_patch(body, name, {.max_characters = limits::kReferenceCharactersMax}));
        if (value) parameters.push_back({std::string(name), std::move(*value)});
    }
    return parameters;
}

}  // namespace

Result<LinkFields> read_link_fields(const json::object& body) {
    constexpr TextRule kReference{.max_characters = limits::kReferenceCharactersMax};
    constexpr TextRule kUrl{.max_characters = limits::kDestinationUrlCharactersMax};
    LinkFields fields;
    fields.url = HW_TRY(optional_text(
        body, "url", {.max_characters = limits::kDestinationUrlCharactersMax, .nullable = false}));
    fields.domain =
        HW_TRY(optional_text(body, "domain", {.max_characters = limits::kDomainCharactersMax}));
    fields.key = HW_TRY(optional_text(
        body, "key", {.max_characters = limits::kKeyCharactersMax, .nullable = false}));
    fields.external_id =
        HW_TRY(read_patch(body, "externalId",
                          {.max_characters = limits::kReferenceCharactersMax,
                           .empty_message = "Too small: expected string to have >=1 characters"}));
    fields.tenant_id = HW_TRY(read_patch(body, "tenantId", kReference));
    fields.program_id = HW_TRY(read_patch(body, "programId", kReference));
    fields.partner_id = HW_TRY(read_patch(body, "partnerId", kReference));
    fields.track_conversion = HW_TRY(optional_bool(body, "trackConversion"));
    fields.archived = HW_TRY(optional_bool(body, "archived"));
    fields.do_index = HW_TRY(optional_bool(body, "doIndex"));
    fields.comments =
        HW_TRY(read_patch(body, "comments", {.max_characters = limits::kCommentsCharactersMax}));
    fields.expires_at = HW_TRY(read_patch(body, "expiresAt", kReference));
    fields.expired_url = HW_TRY(read_patch(body, "expiredUrl", kUrl));
    fields.title = HW_TRY(read_patch(body, "title", kUrl));
    fields.description = HW_TRY(read_patch(body, "description", kUrl));
    fields.image = HW_TRY(read_patch(body, "image", kUrl));
    fields.url_parameters = HW_TRY(read_url_parameters(body));
    HW_CHECK(refuse_unsupported(body));
    return fields;
}

KeyReserved reserved_keys(const ApiOptions& options) {
    return [&options](std::string_view domain, std::string_view key_folded) {
        const bool own_host =
            std::ranges::find(options.app_hosts, domain) != options.app_hosts.end();
        return own_host && is_reserved_segment(key_folded.substr(0, key_folded.find('/')));
    };
}

}  // namespace hw
