// SPDX-License-Identifier: Apache-2.0
// The clicks of the last hour by visitor and link, in memory: an index over durable touches, filled
// from them at start. Entries are added after the commit of their touch; find_durable() gives those
// alone whose commit is on disk. Bounded: past kRecentClicksMax the oldest generation goes first.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hw {

struct RecentKey {
    std::uint64_t hash;  // of workspace, link and visitor
    bool operator==(const RecentKey&) const = default;
};

RecentKey recent_key(std::string_view workspace_id, std::string_view link_id, std::int64_t visitor);

class RecentClicks {
  public:
    // The click id of that visitor on that link in (now - window, now], if any.
    std::optional<std::string> find(RecentKey key, std::int64_t now_ms) const;
    std::optional<std::string> find_durable(RecentKey key, std::int64_t now_ms) const;

    // `commit` numbers the commits of this process from 1 on; 0: it was on disk before.
    void remember(RecentKey key, std::string_view click_id, std::int64_t at_ms,
                  std::uint64_t commit);
    void note_durable(std::uint64_t commit) { durable_ = commit; }  // and all before it

  private:
    struct Entry {
        std::array<char, 16> click_id;
        std::int64_t at_ms;
        std::uint64_t commit;
    };
    struct Hash {
        std::size_t operator()(RecentKey key) const { return key.hash; }
    };
    using Generation = std::unordered_map<RecentKey, Entry, Hash>;
    // Two generations of at least one window each: the older one is dropped whole.
    struct Shard {
        mutable std::mutex mutex;
        Generation young;
        Generation old;
        std::int64_t young_since_ms = 0;
    };
    static constexpr std::size_t kShards = 16;

    Shard& shard(RecentKey key) { return shards_[key.hash % kShards]; }
    const Shard& shard(RecentKey key) const { return shards_[key.hash % kShards]; }
    const Entry* entry_of(const Shard& place, RecentKey key, std::int64_t now_ms) const;

    std::atomic<std::uint64_t> durable_{0};
    std::array<Shard, kShards> shards_;
};

}  // namespace hw
