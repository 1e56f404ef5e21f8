// SPDX-License-Identifier: Apache-2.0
#include "base/user_agent_cache.hpp"

#include <algorithm>
#include <utility>

namespace hw {

UserAgentCache::UserAgentCache(const UserAgentParser& parser, std::size_t entries)
    : parser_(parser), half_of_shard_(std::max<std::size_t>(entries / kShards / 2, 1)) {}

std::shared_ptr<const UserAgent> UserAgentCache::get(std::string_view user_agent) {
    user_agent = user_agent.substr(0, limits::kUserAgentBytesMax);
    auto& shard = shards_[Hash{}(user_agent) % kShards];
    if (auto known = find(shard, user_agent)) return known;
    // Parsed outside of the lock; two threads may do the same work once.
    auto parsed = std::make_shared<const UserAgent>(parser_.parse(user_agent));
    insert(shard, user_agent, parsed);
    return parsed;
}

UserAgentCache::Entry UserAgentCache::find(Shard& shard, std::string_view user_agent) {
    const std::scoped_lock lock(shard.mutex);
    const auto young = shard.young.find(user_agent);
    if (young != shard.young.end()) return young->second;
    const auto old = shard.old.find(user_agent);
    if (old == shard.old.end()) return nullptr;
    auto entry = old->second;
    auto node = shard.old.extract(old);
    if (shard.young.size() >= half_of_shard_) shard.old = std::exchange(shard.young, {});
    shard.young.insert(std::move(node));
    return entry;
}

void UserAgentCache::insert(Shard& shard, std::string_view user_agent, const Entry& entry) {
    const std::scoped_lock lock(shard.mutex);
    if (shard.young.size() >= half_of_shard_) shard.old = std::exchange(shard.young, {});
    shard.young.try_emplace(std::string(user_agent), entry);
}

std::size_t UserAgentCache::size() const {
    std::size_t size = 0;
    for (const auto& shard : shards_) {
        const std::scoped_lock lock(shard.mutex);
        size += shard.young.size() + shard.old.size();
    }
    return size;
}

}  // namespace hw
