// SPDX-License-Identifier: Apache-2.0
#include "base/percent.hpp"

#include <array>
#include <cstdint>

namespace hw {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

consteval std::array<bool, 256> plain_characters() {
    std::array<bool, 256> plain{};
    for (unsigned c = 0; c < plain.size(); ++c) {
        plain[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    for (const char c : std::string_view("-_.!~*'()")) plain[static_cast<std::uint8_t>(c)] = true;
    return plain;
}

constexpr auto kPlain = plain_characters();

std::string decode(std::string_view text, char for_plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool complete = text[i] == '%' && i + 2 < text.size();
        const int high = complete ? hex_value(text[i + 1]) : -1;
        const int low = complete ? hex_value(text[i + 2]) : -1;
        if (high >= 0 && low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i] == '+' ? for_plus : text[i];
        }
    }
    return out;
}

}  // namespace

std::string percent_decode(std::string_view text) {
    return decode(text, '+');
}

std::string form_decode(std::string_view text) {
    return decode(text, ' ');
}

void append_percent_encoded(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (kPlain[byte]) {
            out += c;
        } else {
            out += '%';
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
    }
}

std::string percent_encode_component(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    append_percent_encoded(out, text);
    return out;
}

bool same_parameter_name(std::string_view a, std::string_view b) {
    if (a == b) return true;
    constexpr std::string_view kCoded = "%+";
    const bool coded_a = a.find_first_of(kCoded) != std::string_view::npos;
    const bool coded_b = b.find_first_of(kCoded) != std::string_view::npos;
    return (coded_a || coded_b) && form_decode(a) == form_decode(b);
}

std::optional<std::string_view> find_parameter(std::string_view query, std::string_view name) {
    std::optional<std::string_view> found;
    for_each_parameter(query, [&](std::string_view each, std::string_view value) {
        if (!found && same_parameter_name(each, name)) found = value;
    });
    return found;
}

}  // namespace hw
