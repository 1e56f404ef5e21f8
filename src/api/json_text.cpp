// SPDX-License-Identifier: Apache-2.0
#include "api/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace hw {
namespace {

namespace json = boost::json;

// The shortest digits that read back as the same number, and the power of ten of the first one.
struct Digits {
    bool negative = false;
    std::string digits;
    int exponent = 0;
};

Digits digits_of(const json::value& number) {
    std::array<char, 32> buffer{};  // "-1.2345678901234567e-308"
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                   number.get_double(),  // tidy: double ok: written, not computed
                                   std::chars_format::scientific)
                         .ptr;
    std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    Digits out;
    out.negative = text.starts_with('-');
    if (out.negative) text.remove_prefix(1);
    const auto e = text.find('e');
    for (const char c : text.substr(0, e)) {
        if (c != '.') out.digits += c;
    }
    auto power = text.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    std::from_chars(power.data(), power.data() + power.size(), out.exponent);
    return out;
}

// ECMAScript, Number::toString: plain digits from 1e-6 to below 1e21, else an exponent.
void append_number(std::string& out, const json::value& number) {
    if (!std::isfinite(number.get_double())) {  // tidy: double ok: a question, no sum
        out += "null";
        return;
    }
    const auto [negative, digits, exponent] = digits_of(number);
    if (digits == "0") {
        out += '0';  // minus zero too
        return;
    }
    if (negative) out += '-';
    constexpr int kPlainBelow = 21;
    constexpr int kPlainFrom = -6;
    const auto count = static_cast<int>(digits.size());
    if (exponent >= kPlainBelow || exponent < kPlainFrom) {
        out += digits.front();
        if (count > 1) out.append(".").append(digits, 1);
        out.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
    } else if (exponent < 0) {
        out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
    } else if (exponent + 1 >= count) {
        out.append(digits).append(static_cast<std::size_t>(exponent + 1 - count), '0');
    } else {
        const auto point = static_cast<std::size_t>(exponent) + 1;
        out.append(digits, 0, point).append(".").append(digits, point);
    }
}

void append(std::string& out, const json::value& value);

void append_object(std::string& out, const json::object& object) {
    out += '{';
    for (const auto& member : object) {
        if (&member != object.begin()) out += ',';
        out += json::serialize(json::string_view(member.key()));
        out += ':';
        append(out, member.value());
    }
    out += '}';
}

void append_array(std::string& out, const json::array& array) {
    out += '[';
    for (const auto& item : array) {
        if (&item != array.begin()) out += ',';
        append(out, item);
    }
    out += ']';
}

void append(std::string& out, const json::value& value) {
    if (value.is_double()) {
        append_number(out, value);
    } else if (value.is_object()) {
        append_object(out, value.get_object());
    } else if (value.is_array()) {
        append_array(out, value.get_array());
    } else {
        out += json::serialize(value);
    }
}

}  // namespace

std::string json_text(const json::value& value) {
    std::string out;
    append(out, value);
    return out;
}

}  // namespace hw
