// SPDX-License-Identifier: Apache-2.0
#include "core/analytics_filter.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/continent.hpp"
#include "base/fault.hpp"
#include "base/link_key.hpp"
#include "base/url_parameters.hpp"

namespace hw {
namespace {

std::vector<std::string> listed(std::optional<std::string> value) {
    if (!value || value->empty()) return {};
    return {std::move(*value)};
}

std::vector<std::string> parameter_of(const Link& link, std::string_view name) {
    return listed(url_parameter(link.url, name));
}

}  // namespace

bool ValueFilter::admits(std::string_view value) const {
    const bool named = std::ranges::any_of(values, [&](const std::string& one) {
        return exact ? one == value : equal_no_case(one, value);
    });
    return named != negated;
}

bool ValueFilter::admits_any(const std::vector<std::string>& found) const {
    if (negated) {
        return std::ranges::all_of(found, [&](const auto& value) { return admits(value); });
    }
    return std::ranges::any_of(found, [&](const auto& value) { return admits(value); });
}

ValueFilter parse_value_filter(std::string_view text) {
    ValueFilter filter;
    filter.negated = text.starts_with('-');
    if (filter.negated) text.remove_prefix(1);
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto value = text.substr(0, comma);
        if (!value.empty()) filter.values.emplace_back(value);
        text = comma == text.npos ? std::string_view{} : text.substr(comma + 1);
    }
    return filter;
}

FieldFilter parse_field_filter(Field field, std::string_view text) {
    auto filter = parse_value_filter(text);
    filter.exact = field >= Field::LinkId && field <= Field::TagId;
    return {field, std::move(filter)};
}

bool is_of_link(Field field) {
    return field >= Field::Domain && field <= Field::PartnerTagId;
}

bool is_of_touch(Field field) {
    return field >= Field::Country;
}

std::vector<std::string> link_values(const TaggedLink& tagged, Field field) {
    const auto& link = tagged.link;
    switch (field) {
        case Field::Domain:
            return {link.domain};
        case Field::Key:
            return {display_key(link.key)};
        case Field::LinkId:
            return {link.link_id};
        case Field::ExternalId:
            return listed(link.external_id);
        case Field::TenantId:
            return listed(link.tenant_id);
        case Field::ProgramId:
            return listed(link.program_id);
        case Field::PartnerId:
            return listed(link.partner_id);
        case Field::GroupId:
            return listed(tagged.group_id);
        case Field::FolderId:
            return listed(link.folder_id);
        case Field::TagId:
            return tagged.tag_ids;
        case Field::Url:
            return listed(link.url);
        case Field::BaseUrl:
            return listed(link.url.substr(0, link.url.find_first_of("?#")));
        case Field::UtmSource:
            return parameter_of(link, "utm_source");
        case Field::UtmMedium:
            return parameter_of(link, "utm_medium");
        case Field::UtmCampaign:
            return parameter_of(link, "utm_campaign");
        case Field::UtmTerm:
            return parameter_of(link, "utm_term");
        case Field::UtmContent:
            return parameter_of(link, "utm_content");
        default:
            return {};
    }
}

std::string_view touch_value(const Touch& touch, Field field) {
    switch (field) {
        case Field::Country:
            return touch.country;
        case Field::Region:
            return touch.region;
        case Field::City:
            return touch.city;
        case Field::Continent:
            return continent_of(touch.country);
        case Field::Device:
            return touch.device;
        case Field::Browser:
            return touch.browser;
        case Field::Os:
            return touch.os;
        case Field::Trigger:
            return touch.trigger;
        case Field::Referer:
            return touch.referer;
        case Field::RefererUrl:
            return std::string_view(touch.referer_url)
                .substr(0, touch.referer_url.find_first_of("?#"));
        default:
            return {};
    }
}

bool EventFilter::has_link_fields() const {
    return std::ranges::any_of(fields, [](const auto& one) { return is_of_link(one.field); });
}

bool EventFilter::admits_link(const TaggedLink& link) const {
    return std::ranges::all_of(fields, [&](const FieldFilter& one) {
        return !is_of_link(one.field) || one.filter.admits_any(link_values(link, one.field));
    });
}

bool EventFilter::admits_touch(const Touch& touch) const {
    return std::ranges::all_of(fields, [&](const FieldFilter& one) {
        return !is_of_touch(one.field) || one.filter.admits(touch_value(touch, one.field));
    });
}

bool EventFilter::admits_conversion(const AttributedConversion& conversion) const {
    if (customer_id && !customer_id->admits(conversion.customer_id.value_or(""))) return false;
    const bool is_sale = conversion.conversion.kind == "purchase";
    if (first_sale && (!is_sale || conversion.first_sale != *first_sale)) return false;
    return !metadata || metadata(conversion.conversion.metadata.value_or("{}"));
}

}  // namespace hw
