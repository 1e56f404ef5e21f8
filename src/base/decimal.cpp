// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.hpp"

#include <algorithm>

namespace hw {
namespace {

struct Decimal {
    bool negative = false;
    std::string_view whole;     // without leading zeros
    std::string_view fraction;  // without trailing zeros
};

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Decimal> read(std::string_view text) {
    Decimal decimal;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        decimal.negative = text[0] == '-';
        text.remove_prefix(1);
    }
    const auto point = text.find('.');
    decimal.whole = text.substr(0, point);
    if (point != std::string_view::npos) decimal.fraction = text.substr(point + 1);
    if (decimal.whole.empty() || !all_digits(decimal.whole) || !all_digits(decimal.fraction)) {
        return std::nullopt;
    }
    if (point != std::string_view::npos && decimal.fraction.empty()) return std::nullopt;
    while (decimal.whole.starts_with('0')) decimal.whole.remove_prefix(1);
    while (decimal.fraction.ends_with('0')) decimal.fraction.remove_suffix(1);
    if (decimal.whole.empty() && decimal.fraction.empty()) decimal.negative = false;
    return decimal;
}

std::strong_ordering compare_sizes(const Decimal& a, const Decimal& b) {
    if (a.whole.size() != b.whole.size()) return a.whole.size() <=> b.whole.size();
    if (a.whole != b.whole) return a.whole <=> b.whole;
    return a.fraction <=> b.fraction;
}

}  // namespace

bool is_decimal(std::string_view text) {
    return read(text).has_value();
}

std::optional<std::strong_ordering> compare_decimals(std::string_view a, std::string_view b) {
    const auto left = read(a);
    const auto right = read(b);
    if (!left || !right) return std::nullopt;
    if (left->negative != right->negative) {
        return left->negative ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    return left->negative ? compare_sizes(*right, *left) : compare_sizes(*left, *right);
}

}  // namespace hw
