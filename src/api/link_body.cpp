// SPDX-License-Identifier: Apache-2.0
#include "api/link_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/routes.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 6> kUrlParameters = {
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "ref"};

bool is_upper_case_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

Result<std::vector<UrlParameter>> read_url_parameters(const json::object& body) {
    std::vector<UrlParameter> parameters;
    for (const auto name : kUrlParameters) {
        auto value =
            HW_TRY(patch_text(body, name, {.max_characters = limits::kReferenceCharactersMax}));
        if (value) parameters.push_back({std::string(name), std::move(*value)});
    }
    return parameters;
}

Result<void> read_texts(const json::object& body, LinkFields& fields) {
    struct Row {
        std::string_view name;
        std::size_t max_characters;
        Patch<std::string> LinkFields::* field;
    };
    constexpr auto kReference = limits::kReferenceCharactersMax;
    constexpr auto kUrl = limits::kDestinationUrlCharactersMax;
    constexpr Row kRows[] = {
        {"tenantId", kReference, &LinkFields::tenant_id},
        {"programId", kReference, &LinkFields::program_id},
        {"partnerId", kReference, &LinkFields::partner_id},
        {"folderId", kReference, &LinkFields::folder_id},
        {"comments", limits::kCommentsCharactersMax, &LinkFields::comments},
        {"expiresAt", kReference, &LinkFields::expires_at},
        {"expiredUrl", kUrl, &LinkFields::expired_url},
        {"password", limits::kPasswordCharactersMax, &LinkFields::password},
        {"title", kUrl, &LinkFields::title},
        {"description", kUrl, &LinkFields::description},
        {"image", kUrl, &LinkFields::image},
        {"video", kUrl, &LinkFields::video},
        {"ios", kUrl, &LinkFields::ios},
        {"android", kUrl, &LinkFields::android},
        {"testStartedAt", kReference, &LinkFields::test_started_at},
        {"testCompletedAt", kReference, &LinkFields::test_completed_at},
    };
    for (const auto& row : kRows) {
        fields.*row.field =
            HW_TRY(patch_text(body, row.name, {.max_characters = row.max_characters}));
    }
    return {};
}

Result<void> read_flags(const json::object& body, LinkFields& fields) {
    struct Row {
        std::string_view name;
        std::optional<bool> LinkFields::* field;
    };
    constexpr Row kRows[] = {
        {"trackConversion", &LinkFields::track_conversion},
        {"archived", &LinkFields::archived},
        {"publicStats", &LinkFields::public_stats},
        {"proxy", &LinkFields::proxy},
        {"rewrite", &LinkFields::rewrite},
        {"doIndex", &LinkFields::do_index},
    };
    for (const auto& row : kRows) fields.*row.field = HW_TRY(optional_bool(body, row.name));
    return {};
}

// tagId is the older way to say tagIds.
Result<void> read_groups(const json::object& body, LinkFields& fields) {
    constexpr TextRule kReference{.max_characters = limits::kReferenceCharactersMax};
    constexpr TextRule kName{.max_characters = limits::kTagNameCharactersMax};
    fields.tag_ids = HW_TRY(optional_texts(body, "tagIds", kReference));
    fields.tag_names = HW_TRY(optional_texts(body, "tagNames", kName));
    if (fields.tag_ids || fields.tag_names) return {};
    const auto tag_id = HW_TRY(patch_text(body, "tagId", kReference));
    if (!tag_id) return {};
    fields.tag_ids.emplace();
    if (*tag_id) fields.tag_ids->push_back(**tag_id);
    return {};
}

Result<Patch<std::vector<GeoTarget>>> read_geo(const json::object& body) {
    using Targets = Patch<std::vector<GeoTarget>>;
    const auto* value = body.if_contains("geo");
    if (value == nullptr) return Targets{};
    if (value->is_null()) return Targets(std::in_place, std::nullopt);
    if (!value->is_object()) {
        return std::unexpected(invalid_field(
            "invalid_type", "geo",
            fmt::format("Invalid input: expected record, received {}", json_type_name(value))));
    }
    std::vector<GeoTarget> targets;
    for (const auto& member : value->get_object()) {
        const std::string_view country = member.key();
        const auto place = fmt::format("geo.{}", country);
        if (country.size() != 2 || !std::ranges::all_of(country, is_upper_case_letter)) {
            return std::unexpected(invalid_field("invalid_key", place, "Invalid key in record"));
        }
        if (!member.value().is_string()) {
            return std::unexpected(
                invalid_field("invalid_type", place,
                              fmt::format("Invalid input: expected string, received {}",
                                          json_type_name(&member.value()))));
        }
        targets.push_back({std::string(country), std::string(member.value().get_string())});
    }
    return Targets(std::in_place, std::move(targets));
}

Result<TestVariant> read_test_variant(const json::value& value, const std::string& place) {
    if (!value.is_object()) {
        return std::unexpected(invalid_field(
            "invalid_type", place,
            fmt::format("Invalid input: expected object, received {}", json_type_name(&value))));
    }
    // The readers name the field alone; the place goes before it.
    const auto within = [&](Error error) {
        const auto name = error.message.find(": ") + 2;
        error.message.insert(name, place + ".");
        return std::unexpected(std::move(error));
    };
    const auto& object = value.get_object();
    auto url =
        required_text(object, "url", {.max_characters = limits::kDestinationUrlCharactersMax});
    if (!url) return within(std::move(url.error()));
    const auto percentage =
        required_int(object, "percentage",
                     {.min = limits::kTestPercentageMin,
                      .max = limits::kTestPercentageMax,
                      .missing_message = "Invalid input: expected number, received undefined",
                      .too_small_message = "Too small: expected number to be >=10",
                      .too_big_message = "Too big: expected number to be <=90"});
    if (!percentage) return within(percentage.error());
    return TestVariant{std::move(*url), *percentage};
}

Result<Patch<std::vector<TestVariant>>> read_test_variants(const json::object& body) {
    using Variants = Patch<std::vector<TestVariant>>;
    constexpr std::string_view kName = "testVariants";
    const auto* value = body.if_contains(kName);
    if (value == nullptr) return Variants{};
    if (value->is_null()) return Variants(std::in_place, std::nullopt);
    if (!value->is_array()) {
        return std::unexpected(invalid_field(
            "invalid_type", kName,
            fmt::format("Invalid input: expected array, received {}", json_type_name(value))));
    }
    const auto& items = value->get_array();
    if (items.size() < limits::kTestVariantsMin) {
        return std::unexpected(
            invalid_field("too_small", kName, "Too small: expected array to have >=2 items"));
    }
    if (items.size() > limits::kTestVariantsMax) {
        return std::unexpected(
            invalid_field("too_big", kName, "Too big: expected array to have <=4 items"));
    }
    std::vector<TestVariant> variants;
    for (std::size_t i = 0; i < items.size(); ++i) {
        variants.push_back(HW_TRY(read_test_variant(items[i], fmt::format("{}[{}]", kName, i))));
    }
    return Variants(std::in_place, std::move(variants));
}

Result<void> refuse_webhooks(const json::object& body) {
    const auto ids = HW_TRY(optional_texts(body, "webhookIds"));
    if (!ids || ids->empty()) return {};
    return std::unexpected(invalid_field(
        "invalid_value", "webhookIds", "not supported by this server; leave it out or send null"));
}

}  // namespace

Result<LinkFields> read_link_fields(const json::object& body) {
    LinkFields fields;
    fields.url = HW_TRY(optional_text(
        body, "url", {.max_characters = limits::kDestinationUrlCharactersMax, .nullable = false}));
    fields.domain =
        HW_TRY(optional_text(body, "domain", {.max_characters = limits::kDomainCharactersMax}));
    fields.key = HW_TRY(optional_text(
        body, "key", {.max_characters = limits::kKeyCharactersMax, .nullable = false}));
    fields.external_id =
        HW_TRY(patch_text(body, "externalId",
                          {.max_characters = limits::kReferenceCharactersMax,
                           .empty_message = "Too small: expected string to have >=1 characters"}));
    HW_CHECK(read_texts(body, fields));
    HW_CHECK(read_flags(body, fields));
    HW_CHECK(read_groups(body, fields));
    fields.geo = HW_TRY(read_geo(body));
    fields.test_variants = HW_TRY(read_test_variants(body));
    fields.url_parameters = HW_TRY(read_url_parameters(body));
    HW_CHECK(refuse_webhooks(body));
    return fields;
}

Result<CreateLink> read_create_link(const json::object& body, const ApiOptions& options) {
    CreateLink input;
    input.fields = HW_TRY(read_link_fields(body));
    // Clients send null for what they do not care about; the URL keeps what it says itself.
    std::erase_if(input.fields.url_parameters,
                  [&](const UrlParameter& parameter) { return body.at(parameter.name).is_null(); });
    // An empty key asks for a random one, as no key does.
    if (input.fields.key && input.fields.key->empty()) input.fields.key.reset();
    input.key_length =
        HW_TRY(optional_int(body, "keyLength",
                            {.min = limits::kRandomKeyLengthMin,
                             .max = limits::kKeyCharactersMax,
                             .too_small_message = "Too small: expected number to be >=3",
                             .too_big_message = "Too big: expected number to be <=190"}))
            .value_or(limits::kRandomKeyLength);
    input.prefix =
        HW_TRY(optional_text(body, "prefix", {.max_characters = limits::kKeyCharactersMax}))
            .value_or("");
    while (input.prefix.ends_with('/')) input.prefix.pop_back();
    input.key_reserved = reserved_keys(options);
    return input;
}

KeyReserved reserved_keys(const ApiOptions& options) {
    return [&options](std::string_view domain, std::string_view key_folded) {
        const bool own_host =
            std::ranges::find(options.app_hosts, domain) != options.app_hosts.end();
        return own_host && is_reserved_segment(key_folded.substr(0, key_folded.find('/')));
    };
}

}  // namespace hw
