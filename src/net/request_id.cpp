// SPDX-License-Identifier: Apache-2.0
#include "net/request_id.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "net/http_text.hpp"

namespace hw::net {

bool is_request_id(std::string_view text) {
    return !text.empty() && text.size() <= limits::kRequestIdCharactersMax &&
           std::ranges::all_of(
               text, [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

// SplitMix64 with a per-thread increment: two threads draw from different sequences.
std::uint64_t RequestIds::next() {
    state_[0] += state_[1] | 1;
    std::uint64_t z = state_[0];
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

void RequestIds::make(std::string& id) {
    constexpr std::string_view kHex = "0123456789abcdef";
    id.resize(32);
    for (std::size_t half = 0; half < 2; ++half) {
        std::uint64_t bits = next();
        for (std::size_t i = 0; i < 16; ++i, bits >>= 4) id[half * 16 + i] = kHex[bits & 15];
    }
}

}  // namespace hw::net
