// SPDX-License-Identifier: Apache-2.0
#include "core/journey.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/fault.hpp"

namespace hw {
namespace {

constexpr std::array<std::pair<std::string_view, CreditBy>, 5> kNames{
    {{"channel", CreditBy::Channel},
     {"source", CreditBy::Source},
     {"campaign", CreditBy::Campaign},
     {"link", CreditBy::Link},
     {"partner", CreditBy::Partner}}};

}  // namespace

std::string_view name_of(CreditBy by) {
    const auto* found =
        std::ranges::find(kNames, by, &std::pair<std::string_view, CreditBy>::second);
    HW_ASSERT(found != kNames.end());
    return found->first;
}

std::optional<CreditBy> credit_by_of(std::string_view name) {
    for (const auto& [known, by] : kNames) {
        if (known == name) return by;
    }
    return std::nullopt;
}

const std::string& credit_key(const JourneyTouch& touch, CreditBy by) {
    switch (by) {
        case CreditBy::Channel:
            return touch.channel;
        case CreditBy::Source:
            return touch.source;
        case CreditBy::Campaign:
            return touch.campaign;
        case CreditBy::Link:
            return touch.link_id;
        case CreditBy::Partner:
            return touch.partner_id;
    }
    HW_ASSERT(false);
    return touch.channel;
}

void put_in_order(Journey& journey) {
    std::ranges::stable_sort(journey.touches, [](const JourneyTouch& a, const JourneyTouch& b) {
        return std::tie(a.at_ms, a.touch_id) < std::tie(b.at_ms, b.touch_id);
    });
}

Path path_of(const Journey& journey, CreditBy by) {
    Path path;
    for (const auto& touch : journey.touches) {
        const auto& key = credit_key(touch, by);
        if (path.empty() || path.back() != key) path.push_back(key);
    }
    return path;
}

void count_path(PathCounts& counts, const Journey& journey, CreditBy by) {
    if (journey.touches.empty()) return;
    auto& count = counts[path_of(journey, by)];
    ++(journey.value_minor ? count.converting : count.other);
}

}  // namespace hw
