// SPDX-License-Identifier: Apache-2.0
// Remembers parsed user agents: a few thousand of them make nearly all visits.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/limits.hpp"
#include "base/user_agent.hpp"

namespace hw {

// Any thread may use it. Holds at most `entries` results; each shard keeps the younger half of its
// entries and those of the older half that were asked for again.
class UserAgentCache {
  public:
    explicit UserAgentCache(const UserAgentParser& parser,
                            std::size_t entries = limits::kUserAgentCacheEntries);

    std::shared_ptr<const UserAgent> get(std::string_view user_agent);

    std::size_t size() const;

  private:
    using Entry = std::shared_ptr<const UserAgent>;

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Entries = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;

    struct Shard {
        mutable std::mutex mutex;
        Entries young;
        Entries old;
    };

    Entry find(Shard& shard, std::string_view user_agent);
    void insert(Shard& shard, std::string_view user_agent, const Entry& entry);

    static constexpr std::size_t kShards = 16;

    const UserAgentParser& parser_;
    const std::size_t half_of_shard_;
    std::array<Shard, kShards> shards_;
};

}  // namespace hw
