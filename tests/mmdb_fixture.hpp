// SPDX-License-Identifier: Apache-2.0
// Writes small MaxMind databases, so that no binary fixture has to be kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ip.hpp"

namespace hw::testing {

// Values of the format, already encoded.
inline std::string mmdb_head(int type, std::size_t size) {
    std::string head;
    const auto small = size < 29 ? size : 29;
    if (type <= 7) {
        head += static_cast<char>(static_cast<unsigned>(type) << 5 | small);
    } else {
        head += static_cast<char>(small);
        head += static_cast<char>(type - 7);
    }
    if (size >= 29) head += static_cast<char>(size - 29);  // up to 284, more is not needed here
    return head;
}

inline std::string mmdb_text(std::string_view text) {
    return mmdb_head(2, text.size()) + std::string(text);
}

inline std::string mmdb_number(int type, std::uint64_t value) {
    std::string bytes;
    for (; value > 0; value >>= 8) bytes.insert(bytes.begin(), static_cast<char>(value & 0xFF));
    return mmdb_head(type, bytes.size()) + bytes;
}

inline std::string mmdb_map(const std::vector<std::pair<std::string_view, std::string>>& entries) {
    auto out = mmdb_head(7, entries.size());
    for (const auto& [key, value] : entries) out += mmdb_text(key) + value;
    return out;
}

inline std::string mmdb_array(const std::vector<std::string>& values) {
    auto out = mmdb_head(11, values.size());
    for (const auto& value : values) out += value;
    return out;
}

// A record as GeoLite2-City has it. Empty parts are left out.
inline std::string mmdb_city(std::string_view continent, std::string_view country,
                             std::string_view subdivision, std::string_view city) {
    std::vector<std::pair<std::string_view, std::string>> entries;
    const auto add = [&](std::string_view key, std::string_view name, std::string_view value) {
        if (!value.empty()) entries.push_back({key, mmdb_map({{name, mmdb_text(value)}})});
    };
    if (!city.empty()) {
        entries.push_back({"city", mmdb_map({{"names", mmdb_map({{"en", mmdb_text(city)}})}})});
    }
    add("continent", "code", continent);
    add("country", "iso_code", country);
    if (!subdivision.empty()) {
        entries.push_back(
            {"subdivisions", mmdb_array({mmdb_map({{"iso_code", mmdb_text(subdivision)}})})});
    }
    return mmdb_map(entries);
}

// A network (an address and how many leading bits count, of 32 or 128) and its encoded record.
struct MmdbNetwork {
    std::string_view address;
    int bits;
    std::string record;
};

// The bytes of a database for IPv6 with IPv4 below ::/96, with 32-bit tree records. The networks
// must not overlap.
inline std::string mmdb_bytes(const std::vector<MmdbNetwork>& networks) {
    constexpr std::int64_t kNothing = -1;
    struct Node {
        std::int64_t child[2] = {kNothing, kNothing};   // index of a node
        std::int64_t record[2] = {kNothing, kNothing};  // offset in the data section
    };
    std::vector<Node> nodes(1);
    std::string data;
    for (const auto& network : networks) {
        const auto ip = *IpAddress::parse(network.address);
        auto bytes = ip.bytes();
        if (ip.is_v4()) bytes[10] = bytes[11] = 0;
        const int bits = network.bits + (ip.is_v4() ? 96 : 0);
        std::size_t at = 0;
        const auto bit = [&](int i) {
            return static_cast<std::size_t>(bytes[static_cast<std::size_t>(i / 8)] >> (7 - i % 8) &
                                            1);
        };
        for (int i = 0; i < bits - 1; ++i) {
            auto next = nodes[at].child[bit(i)];
            if (next == kNothing) {
                next = static_cast<std::int64_t>(nodes.size());
                nodes[at].child[bit(i)] = next;
                nodes.emplace_back();
            }
            at = static_cast<std::size_t>(next);
        }
        nodes[at].record[bit(bits - 1)] = static_cast<std::int64_t>(data.size());
        data += network.record;
    }
    std::string out;
    for (const auto& node : nodes) {
        for (int side = 0; side < 2; ++side) {
            auto value = static_cast<std::uint32_t>(nodes.size());  // nothing here
            if (node.child[side] != kNothing) value = static_cast<std::uint32_t>(node.child[side]);
            if (node.record[side] != kNothing) {
                value += static_cast<std::uint32_t>(node.record[side]) + 16;
            }
            for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
        }
    }
    out += std::string(16, '\0') + data + "\xAB\xCD\xEFMaxMind.com";
    return out + mmdb_map({{"node_count", mmdb_number(6, nodes.size())},
                           {"record_size", mmdb_number(5, 32)},
                           {"ip_version", mmdb_number(5, 6)},
                           {"database_type", mmdb_text("Test-City")},
                           {"languages", mmdb_array({mmdb_text("en")})},
                           {"binary_format_major_version", mmdb_number(5, 2)},
                           {"binary_format_minor_version", mmdb_number(5, 0)},
                           {"build_epoch", mmdb_number(9, 1'767'225'600)},
                           {"description", mmdb_map({{"en", mmdb_text("Test")}})}});
}

}  // namespace hw::testing
