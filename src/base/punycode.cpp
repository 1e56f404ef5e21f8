// SPDX-License-Identifier: Apache-2.0
#include "base/punycode.hpp"

#include <algorithm>
#include <cstdint>

namespace hw {
namespace {

// RFC 3492 section 5.
constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kSmallest = 1;
constexpr std::uint32_t kLargest = 26;
constexpr std::uint32_t kSkew = 38;
constexpr std::uint32_t kDamp = 700;
constexpr std::uint32_t kFirstBias = 72;
constexpr std::uint32_t kFirstCode = 0x80;
constexpr std::uint32_t kLastCode = 0x10FFFF;

std::uint32_t adapted_bias(std::uint32_t delta, std::uint32_t points, bool first) {
    delta = first ? delta / kDamp : delta / 2;
    delta += delta / points;
    std::uint32_t k = 0;
    for (; delta > (kBase - kSmallest) * kLargest / 2; k += kBase) delta /= kBase - kSmallest;
    return k + (kBase - kSmallest + 1) * delta / (delta + kSkew);
}

std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) {
    return k <= bias ? kSmallest : std::min(k - bias, kLargest);
}

char digit_text(std::uint32_t digit) {
    return static_cast<char>(digit < 26 ? 'a' + digit : '0' + (digit - 26));
}

std::uint32_t digit_value(char c) {
    if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
    if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
    if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 26;
    return kBase;
}

void append_number(std::string& out, std::uint32_t value, std::uint32_t bias) {
    for (std::uint32_t k = kBase;; k += kBase) {
        const auto t = threshold(k, bias);
        if (value < t) break;
        out += digit_text(t + (value - t) % (kBase - t));
        value = (value - t) / (kBase - t);
    }
    out += digit_text(value);
}

// The number at the start of `rest`, which is cut off; nothing when it is cut short or too large.
std::optional<std::uint32_t> take_number(std::string_view& rest, std::uint32_t bias) {
    std::uint64_t value = 0;
    std::uint64_t weight = 1;
    for (std::uint32_t k = kBase; !rest.empty(); k += kBase) {
        const auto digit = digit_value(rest.front());
        rest.remove_prefix(1);
        if (digit >= kBase) return std::nullopt;
        value += digit * weight;
        if (value > UINT32_MAX) return std::nullopt;
        const auto t = threshold(k, bias);
        if (digit < t) return static_cast<std::uint32_t>(value);
        weight *= kBase - t;
        if (weight > UINT32_MAX) return std::nullopt;
    }
    return std::nullopt;
}

bool is_basic(char32_t c) {
    return c < kFirstCode;
}

}  // namespace

std::u32string code_points(std::string_view utf8) {
    std::u32string text;
    text.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<std::uint8_t>(utf8[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t c = length == 1 ? lead : lead & (0xFFU >> (length + 1));
        for (std::size_t j = i + 1; j < std::min(i + length, utf8.size()); ++j) {
            c = (c << 6) | (static_cast<std::uint8_t>(utf8[j]) & 0x3F);
        }
        text += c;
        i += length;
    }
    return text;
}

std::string utf8_of(std::u32string_view text) {
    std::string out;
    const auto tail = [&](char32_t c, int shift) {
        out += static_cast<char>(0x80 | ((c >> shift) & 0x3F));
    };
    for (const auto c : text) {
        if (c < 0x80) {
            out += static_cast<char>(c);
        } else if (c < 0x800) {
            out += static_cast<char>(0xC0 | (c >> 6));
            tail(c, 0);
        } else if (c < 0x10000) {
            out += static_cast<char>(0xE0 | (c >> 12));
            tail(c, 6), tail(c, 0);
        } else {
            out += static_cast<char>(0xF0 | (c >> 18));
            tail(c, 12), tail(c, 6), tail(c, 0);
        }
    }
    return out;
}

std::string punycode_encode(std::u32string_view label) {
    std::string out;
    for (const auto c : label) {
        if (is_basic(c)) out += static_cast<char>(c);
    }
    const auto basic = static_cast<std::uint32_t>(out.size());
    if (basic > 0) out += '-';
    std::uint32_t code = kFirstCode;
    std::uint32_t delta = 0;
    std::uint32_t bias = kFirstBias;
    for (auto done = basic; done < label.size(); ++delta, ++code) {
        char32_t next = kLastCode;
        for (const auto c : label) next = c >= code ? std::min(next, c) : next;
        delta += (static_cast<std::uint32_t>(next) - code) * (done + 1);
        code = static_cast<std::uint32_t>(next);
        for (const auto c : label) {
            if (c < code) ++delta;
            if (c != code) continue;
            append_number(out, delta, bias);
            bias = adapted_bias(delta, done + 1, done == basic);
            delta = 0;
            ++done;
        }
    }
    return out;
}

std::optional<std::u32string> punycode_decode(std::string_view text) {
    std::u32string out;
    const auto delimiter = text.rfind('-');
    if (delimiter != std::string_view::npos) {
        for (const char c : text.substr(0, delimiter)) {
            if (static_cast<std::uint8_t>(c) >= kFirstCode) return std::nullopt;
            out += static_cast<char32_t>(c);
        }
        text.remove_prefix(delimiter + 1);
    }
    std::uint64_t code = kFirstCode;
    std::uint64_t at = 0;
    std::uint32_t bias = kFirstBias;
    for (bool first = true; !text.empty(); first = false) {
        const auto delta = take_number(text, bias);
        if (!delta) return std::nullopt;
        const auto points = static_cast<std::uint32_t>(out.size()) + 1;
        bias = adapted_bias(*delta, points, first);
        at += *delta;
        code += at / points;
        at %= points;
        const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        if (code > kLastCode || surrogate) return std::nullopt;
        out.insert(static_cast<std::size_t>(at), 1, static_cast<char32_t>(code));
        ++at;
    }
    return out;
}

}  // namespace hw
