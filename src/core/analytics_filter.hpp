// SPDX-License-Identifier: Apache-2.0
// What clicks, leads and sales can be filtered and grouped by, and where each such field is found:
// on the link, on the click, or on the conversion (reference: dub, 2.12).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/events.hpp"

namespace hw {

// "a", "a,b" (one of), "-a", "-a,b" (none of).
struct ValueFilter {
    std::vector<std::string> values;
    bool negated = false;
    bool exact = false;  // else without case (ASCII)

    bool admits(std::string_view value) const;
    // Of several values one must be named, and none when negated.
    bool admits_any(const std::vector<std::string>& found) const;
};
ValueFilter parse_value_filter(std::string_view text);

enum class Field : std::uint8_t {
    None,
    // of the link, as it is now
    Domain,
    Key,
    LinkId,
    ExternalId,
    TenantId,
    ProgramId,
    PartnerId,
    FolderId,
    TagId,
    Url,
    BaseUrl,  // without its query
    UtmSource,
    UtmMedium,
    UtmCampaign,
    UtmTerm,
    UtmContent,
    GroupId,       // of the link's partner
    PartnerTagId,  // likewise
    // of the click
    Country,
    Region,
    City,
    Continent,
    Device,
    Browser,
    Os,
    Trigger,
    Referer,
    RefererUrl,
};

bool is_of_link(Field field);
bool is_of_touch(Field field);

// No value: the link has none. A link has several tags.
std::vector<std::string> link_values(const TaggedLink& link, Field field);
std::string_view touch_value(const Touch& touch, Field field);

struct FieldFilter {
    Field field = Field::None;
    ValueFilter filter;
};

// Ids are compared exactly.
FieldFilter parse_field_filter(Field field, std::string_view text);

struct EventFilter {
    std::vector<FieldFilter> fields;
    // Of leads and sales alone: with one of these no click passes.
    std::optional<ValueFilter> customer_id;
    std::optional<bool> first_sale;                         // saleType: true is "new"
    std::function<bool(std::string_view json)> metadata{};  // empty: every metadata

    bool of_conversions() const { return customer_id || first_sale || metadata; }
    bool has_link_fields() const;
    bool admits_link(const TaggedLink& link) const;
    bool admits_touch(const Touch& touch) const;
    bool admits_conversion(const AttributedConversion& conversion) const;  // what is its own
};

}  // namespace hw
