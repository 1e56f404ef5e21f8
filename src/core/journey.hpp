// SPDX-License-Identifier: Apache-2.0
// The way of a person to a conversion, or to none: what the models of attribution are given.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

// The channel, and source, of a touch that nothing is known to have led to.
inline constexpr std::string_view kDirectChannel = "direct";

struct JourneyTouch {
    std::string touch_id{};
    std::string kind = "click";  // click, pageview, lead
    std::int64_t at_ms = 0;
    std::string channel{};
    std::string source{};
    std::string campaign{};    // empty: none
    std::string link_id{};     // empty: none
    std::string partner_id{};  // empty: none
};

struct Journey {
    std::string conversion_id{};          // empty without conversion
    std::vector<JourneyTouch> touches{};  // in the order of their time, then their id
    // In minor units of the reporting currency; nothing: this journey led to no conversion.
    std::optional<std::int64_t> value_minor{};
    std::int64_t converted_at_ms = 0;
};

// What of a touch is credited.
enum class CreditBy : std::uint8_t { Channel, Source, Campaign, Link, Partner };

std::string_view name_of(CreditBy by);
std::optional<CreditBy> credit_by_of(std::string_view name);
const std::string& credit_key(const JourneyTouch& touch, CreditBy by);

void put_in_order(Journey& journey);

// The keys that the journey came past, each once per visit: repeats in a row are one.
using Path = std::vector<std::string>;
Path path_of(const Journey& journey, CreditBy by);

// How many journeys took each path.
struct PathCount {
    std::int64_t converting = 0;
    std::int64_t other = 0;
};
using PathCounts = std::map<Path, PathCount>;

// A journey without touches is no path.
void count_path(PathCounts& counts, const Journey& journey, CreditBy by);

}  // namespace hw
