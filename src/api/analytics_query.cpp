// SPDX-License-Identifier: Apache-2.0
#include "api/analytics_query.hpp"

#include <array>

#include "api/json.hpp"
#include "api/metadata_query.hpp"
#include "api/query.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"

namespace hw {
namespace {

struct Parameter {
    const char* name;
    Field field;
};

constexpr std::array kParameters{
    Parameter{"domain", Field::Domain},
    Parameter{"key", Field::Key},
    Parameter{"linkId", Field::LinkId},
    Parameter{"externalId", Field::ExternalId},
    Parameter{"tenantId", Field::TenantId},
    Parameter{"programId", Field::ProgramId},
    Parameter{"partnerId", Field::PartnerId},
    Parameter{"groupId", Field::GroupId},
    Parameter{"partnerTagId", Field::PartnerTagId},
    Parameter{"folderId", Field::FolderId},
    Parameter{"tagId", Field::TagId},
    Parameter{"tagIds", Field::TagId},
    Parameter{"url", Field::Url},
    Parameter{"utm_source", Field::UtmSource},
    Parameter{"utm_medium", Field::UtmMedium},
    Parameter{"utm_campaign", Field::UtmCampaign},
    Parameter{"utm_term", Field::UtmTerm},
    Parameter{"utm_content", Field::UtmContent},
    Parameter{"country", Field::Country},
    Parameter{"region", Field::Region},
    Parameter{"city", Field::City},
    Parameter{"continent", Field::Continent},
    Parameter{"device", Field::Device},
    Parameter{"browser", Field::Browser},
    Parameter{"os", Field::Os},
    Parameter{"trigger", Field::Trigger},
    Parameter{"referer", Field::Referer},
    Parameter{"refererUrl", Field::RefererUrl},
};

Result<std::optional<std::string>> filter_text(std::string_view query, std::string_view name) {
    auto text = HW_TRY(query_text(query, name));
    if (text && text->size() > limits::kFilterCharactersMax) {
        return std::unexpected(
            invalid_field("too_big", name, "Too big: expected string to have <=10000 characters"));
    }
    return text;
}

Result<std::optional<bool>> optional_flag(std::string_view query, std::string_view name) {
    if (!HW_TRY(query_text(query, name))) return std::nullopt;
    return std::optional(HW_TRY(query_bool(query, name, false)));
}

Result<void> add_flags(std::string_view query, EventFilter& filter) {
    if (const auto root = HW_TRY(optional_flag(query, "root"))) {
        ValueFilter key{.values = {std::string(kRootKey)}, .negated = !*root};
        filter.fields.push_back({Field::Key, std::move(key)});
    }
    if (const auto qr = HW_TRY(optional_flag(query, "qr"))) {
        filter.fields.push_back({Field::Trigger, {.values = {"qr"}, .negated = !*qr}});
    }
    return {};
}

Result<void> add_conversion_filters(std::string_view query, EventFilter& filter) {
    if (const auto text = HW_TRY(filter_text(query, "customerId"))) {
        filter.customer_id = parse_value_filter(*text);
        filter.customer_id->exact = true;
    }
    if (const auto type = HW_TRY(query_text(query, "saleType"))) {
        if (*type != "new" && *type != "recurring") {
            return std::unexpected(
                invalid_field("invalid_value", "saleType",
                              "Invalid option: expected one of \"new\"|\"recurring\""));
        }
        filter.first_sale = *type == "new";
    }
    if (const auto text = HW_TRY(filter_text(query, "query"))) {
        filter.metadata = HW_TRY(parse_metadata_query(*text));
    }
    return {};
}

}  // namespace

Result<EventFilter> read_event_filter(std::string_view query) {
    EventFilter filter;
    for (const auto& [name, field] : kParameters) {
        const auto text = HW_TRY(filter_text(query, name));
        if (text) filter.fields.push_back(parse_field_filter(field, *text));
    }
    HW_CHECK(add_flags(query, filter));
    HW_CHECK(add_conversion_filters(query, filter));
    return filter;
}

Result<AskedRange> read_asked_range(std::string_view query, std::string_view interval) {
    AskedRange asked;
    asked.interval = HW_TRY(query_text(query, "interval")).value_or(std::string(interval));
    asked.start = HW_TRY(query_text(query, "start"));
    asked.end = HW_TRY(query_text(query, "end"));
    asked.timezone = HW_TRY(query_text(query, "timezone")).value_or("UTC");
    return asked;
}

Result<Counting> read_counting(std::string_view query, Allow allow) {
    const auto text = HW_TRY(query_text(query, "event")).value_or("clicks");
    return counting_of(text, allow);
}

Result<Counting> counting_of(std::string_view text, Allow allow) {
    if (text == "clicks") return Counting::Clicks;
    if (text == "leads") return Counting::Leads;
    if (text == "sales") return Counting::Sales;
    const bool composite = allow == Allow::Composite;
    if (text == "composite" && composite) return Counting::Composite;
    return std::unexpected(invalid_field(
        "invalid_value", "event",
        composite ? "Invalid option: expected one of \"clicks\"|\"leads\"|\"sales\"|\"composite\""
                  : "Invalid option: expected one of \"clicks\"|\"leads\"|\"sales\""));
}

void mark_partial(Response& response, const std::optional<std::int64_t>& complete_from_ms) {
    if (!complete_from_ms) return;
    response.headers.emplace_back("X-Headwater-Partial", "true");
    response.headers.emplace_back("X-Headwater-Complete-From", time_text(*complete_from_ms));
}

}  // namespace hw
