// SPDX-License-Identifier: Apache-2.0
#include "base/id.hpp"

#include <algorithm>
#include <array>

namespace hw {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::string_view kBase32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kIdLength = 26;       // 128 bits in base 32
constexpr std::size_t kClickIdLength = 16;  // 95.2 bits in base 62
constexpr int kClickRandomBits = 50;

std::string encode(Wide value, std::string_view alphabet, std::size_t length) {
    std::string text(length, alphabet[0]);
    for (auto it = text.rbegin(); it != text.rend(); ++it) {
        *it = alphabet[static_cast<std::size_t>(value % alphabet.size())];
        value /= alphabet.size();
    }
    return text;
}

std::string click_id(std::int64_t at_ms, std::uint64_t random) {
    const auto time = static_cast<Wide>(static_cast<std::uint64_t>(at_ms) & ((1ULL << 44) - 1));
    return encode((time << kClickRandomBits) | (random >> (64 - kClickRandomBits)), kBase62,
                  kClickIdLength);
}

}  // namespace

std::string new_id(std::string_view prefix, std::int64_t at_ms, Env& env) {
    const auto time = static_cast<Wide>(static_cast<std::uint64_t>(at_ms) & ((1ULL << 48) - 1));
    const Wide random = (static_cast<Wide>(env.random_64() & 0xFFFF) << 64) | env.random_64();
    return std::string(prefix) + encode((time << 80) | random, kBase32, kIdLength);
}

std::string derived_id(std::string_view prefix, std::int64_t at_ms, std::string_view digest_hex) {
    constexpr std::size_t kDigits = 20;  // 80 bits
    const auto time = static_cast<Wide>(static_cast<std::uint64_t>(at_ms) & ((1ULL << 48) - 1));
    Wide digest = 0;
    for (const char c : digest_hex.substr(0, kDigits)) {
        digest = (digest << 4) | static_cast<Wide>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return std::string(prefix) + encode((time << 80) | digest, kBase32, kIdLength);
}

std::string first_id(std::string_view prefix, std::int64_t at_ms) {
    const auto time = static_cast<Wide>(static_cast<std::uint64_t>(at_ms) & ((1ULL << 48) - 1));
    return std::string(prefix) + encode(time << 80, kBase32, kIdLength);
}

std::string new_click_id(std::int64_t at_ms, Env& env) {
    return click_id(at_ms, env.random_64());
}

std::string first_click_id(std::int64_t at_ms) {
    return click_id(at_ms, 0);
}

bool is_click_id(std::string_view text) {
    return text.size() == kClickIdLength && text.find_first_not_of(kBase62) == text.npos;
}

std::int64_t click_id_time_ms(std::string_view click_id) {
    Wide value = 0;
    for (const char c : click_id) value = value * kBase62.size() + kBase62.find(c);
    return static_cast<std::int64_t>(value >> kClickRandomBits);
}

std::optional<std::int64_t> event_id_time_ms(std::string_view id) {
    if (is_click_id(id)) return click_id_time_ms(id);
    constexpr int kRandomBits = 80;
    const auto end_of_prefix = id.rfind('_');
    if (end_of_prefix == id.npos || id.size() - end_of_prefix - 1 != kIdLength) return std::nullopt;
    const auto letters = id.substr(end_of_prefix + 1);
    if (letters.find_first_not_of(kBase32) != letters.npos) return std::nullopt;
    Wide value = 0;
    for (const char c : letters) value = (value << 5) | kBase32.find(c);
    return static_cast<std::int64_t>(value >> kRandomBits);
}

std::string random_text(std::size_t length, Env& env) {
    std::string text(length, '0');
    for (char& c : text) {
        // Rejection keeps the letters equally likely: 64 is the next power of two above 62.
        std::uint64_t draw = 0;
        do draw = env.random_64() & 63;
        while (draw >= kBase62.size());
        c = kBase62[static_cast<std::size_t>(draw)];
    }
    return text;
}

}  // namespace hw
