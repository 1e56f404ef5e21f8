// SPDX-License-Identifier: Apache-2.0
#include "store/recent_clicks.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/limits.hpp"

namespace hw {
namespace {

std::uint64_t mix(std::uint64_t value) {
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdULL;
    value ^= value >> 33;
    value *= 0xc4ceb9fe1a85ec53ULL;
    return value ^ (value >> 33);
}

}  // namespace

RecentKey recent_key(std::string_view workspace_id, std::string_view link_id,
                     std::int64_t visitor) {
    const std::hash<std::string_view> hash;
    auto value = mix(hash(workspace_id));
    value = mix(value ^ hash(link_id));
    return {mix(value ^ static_cast<std::uint64_t>(visitor))};
}

const RecentClicks::Entry* RecentClicks::entry_of(const Shard& place, RecentKey key,
                                                  std::int64_t now_ms) const {
    for (const auto* generation : {&place.young, &place.old}) {
        const auto found = generation->find(key);
        if (found == generation->end()) continue;
        if (found->second.at_ms > now_ms - limits::kClickDedupMs) return &found->second;
    }
    return nullptr;
}

std::optional<std::string> RecentClicks::find(RecentKey key, std::int64_t now_ms) const {
    const auto& place = shard(key);
    const std::scoped_lock lock(place.mutex);
    const auto* entry = entry_of(place, key, now_ms);
    if (entry == nullptr) return std::nullopt;
    return std::string(entry->click_id.data(), entry->click_id.size());
}

std::optional<std::string> RecentClicks::find_durable(RecentKey key, std::int64_t now_ms) const {
    const auto& place = shard(key);
    const std::scoped_lock lock(place.mutex);
    const auto* entry = entry_of(place, key, now_ms);
    if (entry == nullptr || entry->commit > durable_) return std::nullopt;
    return std::string(entry->click_id.data(), entry->click_id.size());
}

void RecentClicks::remember(RecentKey key, std::string_view click_id, std::int64_t at_ms,
                            std::uint64_t commit) {
    if (click_id.size() != sizeof(Entry::click_id)) return;
    Entry entry{{}, at_ms, commit};
    std::ranges::copy(click_id, entry.click_id.begin());
    auto& place = shard(key);
    const std::scoped_lock lock(place.mutex);
    const bool aged = at_ms - place.young_since_ms >= limits::kClickDedupMs;
    if (aged || place.young.size() >= limits::kRecentClicksMax / kShards / 2) {
        place.old = std::exchange(place.young, {});
        place.young_since_ms = at_ms;
    }
    place.young.insert_or_assign(key, entry);
}

}  // namespace hw
