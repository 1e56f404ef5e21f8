// SPDX-License-Identifier: Apache-2.0
// A cache bounded in bytes, for answers that can be read again at any time. Never a source of
// truth.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace hw {

// Two generations per shard: what was not used since the last turn goes first. A null value is a
// known absence.
template <class T>
class BoundedCache {
  public:
    using Value = std::shared_ptr<const T>;

    explicit BoundedCache(std::size_t bytes_max) : shard_bytes_max_(bytes_max / kShards / 2) {}

    struct Lookup {
        bool hit = false;
        Value value{};
        std::uint64_t stamp =
            0;  // give it to put(), so that a read from before a change is dropped
    };

    Lookup get(std::string_view key) {
        auto& place = shard(key);
        const std::scoped_lock lock(place.mutex);
        if (const auto found = place.young.find(key); found != place.young.end()) {
            return {true, found->second.value, place.stamp};
        }
        const auto found = place.old.find(key);
        if (found == place.old.end()) return {false, nullptr, place.stamp};
        auto entry = found->second;
        place.old.erase(found);
        add(place, std::string(key), entry);
        return {true, entry.value, place.stamp};
    }

    // `bytes` is the size of the value in memory, roughly.
    void put(std::string_view key, Value value, std::size_t bytes, std::uint64_t stamp) {
        auto& place = shard(key);
        const std::scoped_lock lock(place.mutex);
        if (place.stamp != stamp) return;
        add(place, std::string(key), {std::move(value), bytes + key.size() + kEntryBytes});
    }

    void forget(std::string_view key) {
        auto& place = shard(key);
        const std::scoped_lock lock(place.mutex);
        ++place.stamp;
        if (const auto found = place.young.find(key); found != place.young.end()) {
            place.young_bytes -= found->second.bytes;
            place.young.erase(found);
        }
        if (const auto found = place.old.find(key); found != place.old.end()) {
            place.old.erase(found);
        }
    }

    void forget_all() {
        for (auto& place : shards_) {
            const std::scoped_lock lock(place.mutex);
            ++place.stamp;
            place.young.clear();
            place.old.clear();
            place.young_bytes = 0;
        }
    }

  private:
    static constexpr std::size_t kShards = 16;
    static constexpr std::size_t kEntryBytes = 96;  // node, pointers, control block

    struct Entry {
        Value value;
        std::size_t bytes;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Map = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;
    struct Shard {
        std::mutex mutex;
        std::uint64_t stamp = 0;
        Map young;
        Map old;
        std::size_t young_bytes = 0;
    };

    Shard& shard(std::string_view key) { return shards_[Hash{}(key) % kShards]; }

    void add(Shard& place, std::string key, Entry entry) {
        if (place.young_bytes + entry.bytes > shard_bytes_max_) {
            place.old = std::exchange(place.young, {});
            place.young_bytes = 0;
        }
        const auto known = place.young.find(key);
        if (known != place.young.end()) place.young_bytes -= known->second.bytes;
        place.young_bytes += entry.bytes;
        place.young.insert_or_assign(std::move(key), std::move(entry));
    }

    std::size_t shard_bytes_max_;
    std::array<Shard, kShards> shards_;
};

}  // namespace hw
