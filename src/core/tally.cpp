// SPDX-License-Identifier: Apache-2.0
#include "core/tally.hpp"

#include <algorithm>

#include "base/fault.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

bool is_known(std::string_view value) {
    return !value.empty() && value != "Unknown";
}

bool has_touch_fields(const EventFilter& filter) {
    return std::ranges::any_of(filter.fields,
                               [](const auto& one) { return is_of_touch(one.field); });
}

}  // namespace

std::string_view kind_of(Counting counting) {
    if (counting == Counting::Leads) return "lead";
    return counting == Counting::Sales ? "purchase" : "";
}

std::int64_t weight_of(const RollupCounts& counts, Counting counting) {
    switch (counting) {
        case Counting::Leads:
            return counts.leads;
        case Counting::Sales:
            return counts.sales;
        default:
            return counts.clicks;
    }
}

RollupCounts counted_of(const RollupCounts& counts, Counting counting) {
    switch (counting) {
        case Counting::Clicks:
            return {.clicks = counts.clicks};
        case Counting::Leads:
            return {.leads = counts.leads};
        case Counting::Sales:
            return {.sales = counts.sales, .sale_amount = counts.sale_amount};
        default:
            return counts;
    }
}

void Tally::add(const Item& item) {
    const auto counts = counted_of(item.counts, rules_.counting);
    if (counts == RollupCounts{}) return;
    const auto* link = links_.find(item.link_id);
    const auto& filter = *rules_.filter;
    if (filter.has_link_fields() && (link == nullptr || !filter.admits_link(*link))) return;
    if (has_touch_fields(filter) && (item.touch == nullptr || !filter.admits_touch(*item.touch))) {
        return;
    }
    if (rules_.starts.empty()) return add_to_groups(item, link, counts);
    const auto after = std::ranges::upper_bound(rules_.starts, item.at_ms);
    if (after == rules_.starts.begin()) return;
    buckets_[static_cast<std::size_t>(after - rules_.starts.begin() - 1)].merge(counts);
}

void Tally::add_to_groups(const Item& item, const TaggedLink* link, const RollupCounts& counts) {
    if (rules_.group.empty()) return groups_[{}].merge(counts);
    const auto field = rules_.group.back();
    if (is_of_link(field)) {
        HW_ASSERT(rules_.group.size() == 1);
        if (link == nullptr) return;
        for (auto& value : link_values(*link, field)) groups_[{std::move(value)}].merge(counts);
        return;
    }
    if (item.touch == nullptr || !is_known(touch_value(*item.touch, field))) return;
    std::vector<std::string> values;
    for (const auto one : rules_.group) values.emplace_back(touch_value(*item.touch, one));
    groups_[std::move(values)].merge(counts);
}

std::vector<Tally::Group> Tally::groups() const {
    std::vector<Group> found;
    found.reserve(groups_.size());
    for (const auto& [values, counts] : groups_) found.push_back({values, counts});
    // Stable: equals stay in the order of their values.
    std::ranges::stable_sort(found, std::ranges::greater{}, [&](const Group& group) {
        return weight_of(group.counts, rules_.counting);
    });
    if (found.size() > limits::kGroupsMax) found.resize(limits::kGroupsMax);
    return found;
}

RollupCounts Tally::of_group(const std::vector<std::string>& values) const {
    const auto at = groups_.find(values);
    return at == groups_.end() ? RollupCounts{} : at->second;
}

}  // namespace hw
