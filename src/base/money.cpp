// SPDX-License-Identifier: Apache-2.0
#include "base/money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/utf8.hpp"

namespace hw {
namespace {

__extension__ using Int128 = __int128;

constexpr int kRateDecimalsMax = 12;
constexpr int kRateDigitsMax = 18;
constexpr std::size_t kLetters = 26;

// ISO 4217, active codes by exponent.
constexpr std::string_view kNoDecimals =
    "bif clp djf gnf isk jpy kmf krw pyg rwf ugx uyi vnd vuv xaf xof xpf";
constexpr std::string_view kTwoDecimals =
    "aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob bov brl bsd btn bwp byn bzd cad "
    "cdf che chf chw cny cop cou crc cup cve czk dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs "
    "gip gmd gtq gyd hkd hnl htg huf idr ils inr irr jmd kes kgs khr kpw kyd kzt lak lbp lkr lrd "
    "lsl mad mdl mga mkd mmk mnt mop mru mur mvr mwk mxn mxv myr mzn nad ngn nio nok npr nzd pab "
    "pen pgk php pkr pln qar ron rsd rub sar sbd scr sdg sek sgd shp sle sos srd ssp stn svc syp "
    "szl thb tjs tmt top try ttd twd tzs uah usd usn uyu uzs ved ves wst xad xcd xcg yer zar zmw "
    "zwg "
    // Withdrawn lately.
    "ang bgn cuc hrk sll zwl";
constexpr std::string_view kThreeDecimals = "bhd iqd jod kwd lyd omr tnd";
constexpr std::string_view kFourDecimals = "clf uyw";

constexpr bool is_code(std::string_view code) {
    return code.size() == 3 &&
           std::ranges::all_of(code, [](char c) { return c >= 'a' && c <= 'z'; });
}

constexpr std::size_t code_index(std::string_view code) {
    const auto letter = [&](std::size_t i) { return static_cast<std::size_t>(code[i] - 'a'); };
    return (letter(0) * kLetters + letter(1)) * kLetters + letter(2);
}

using ExponentTable = std::array<std::int8_t, kLetters * kLetters * kLetters>;

consteval ExponentTable exponent_table() {
    ExponentTable table{};
    table.fill(-1);
    const auto enter = [&](std::string_view codes, std::int8_t exponent) {
        for (std::size_t at = 0; at < codes.size(); at += 4) {
            table[code_index(codes.substr(at, 3))] = exponent;
        }
    };
    enter(kNoDecimals, 0);
    enter(kTwoDecimals, 2);
    enter(kThreeDecimals, 3);
    enter(kFourDecimals, 4);
    return table;
}

constexpr ExponentTable kExponents = exponent_table();

Int128 power_of_ten(int exponent) {
    Int128 power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

// Half away from zero; the divisor is positive.
Int128 divide_rounded(Int128 dividend, Int128 divisor) {
    const Int128 quotient = dividend / divisor;
    const Int128 remainder = dividend % divisor;
    const Int128 distance = remainder < 0 ? -remainder : remainder;
    if (distance < divisor - distance) return quotient;
    return quotient + (dividend < 0 ? -1 : 1);
}

// ---- Decimal text of an amount

struct Decimal {
    bool negative = false;
    std::string digits;  // no zeros at either end; empty is zero
    // The value is digits / 10^scale. Saturated, so that "1e999999999999" stays harmless.
    std::int64_t scale = 0;
};

constexpr std::int64_t kScaleMax = 1'000'000'000;

std::string_view take_digits(std::string_view& rest) {
    const auto end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const auto digits = rest.substr(0, end);
    rest.remove_prefix(end);
    return digits;
}

bool take(std::string_view& rest, std::string_view any_of) {
    if (rest.empty() || !any_of.contains(rest.front())) return false;
    rest.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> take_exponent(std::string_view& rest) {
    const bool negative = rest.starts_with('-');
    take(rest, "+-");
    const auto digits = take_digits(rest);
    if (digits.empty()) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : digits) value = std::min(value * 10 + (c - '0'), kScaleMax);
    return negative ? -value : value;
}

std::optional<Decimal> read_decimal(std::string_view text) {
    Decimal decimal;
    decimal.negative = take(text, "-");
    decimal.digits = take_digits(text);
    if (decimal.digits.empty()) return std::nullopt;
    if (take(text, ".")) {
        const auto fraction = take_digits(text);
        if (fraction.empty()) return std::nullopt;
        decimal.digits += fraction;
        decimal.scale = static_cast<std::int64_t>(fraction.size());
    }
    if (take(text, "eE")) {
        const auto exponent = take_exponent(text);
        if (!exponent) return std::nullopt;
        decimal.scale -= *exponent;
    }
    if (!text.empty()) return std::nullopt;
    decimal.digits.erase(0, std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size()));
    while (decimal.digits.ends_with('0')) {
        decimal.digits.pop_back();
        --decimal.scale;
    }
    return decimal;
}

// The value as an integer once the scale has become `places` zeros to append.
std::optional<std::int64_t> integer_value(const Decimal& decimal, std::int64_t places) {
    constexpr std::int64_t kDigitsMax = 19;  // of an int64
    if (static_cast<std::int64_t>(decimal.digits.size()) + places > kDigitsMax) return std::nullopt;
    Int128 value = 0;
    for (const char c : decimal.digits) value = value * 10 + (c - '0');
    value *= power_of_ten(static_cast<int>(places));
    if (decimal.negative) value = -value;
    if (value < INT64_MIN || value > INT64_MAX) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::unexpected<Error> refuse(std::string_view text, std::string_view why) {
    constexpr std::size_t kShownMax = 40;
    const auto shown = valid_utf8(text.substr(0, kShownMax));
    return fail(ErrorCode::UnprocessableEntity, fmt::format("'{}' {}", shown, why));
}

// ---- Rates

struct Rate {
    std::int64_t mantissa;
    int scale;  // the rate is mantissa / 10^scale
};

std::optional<Rate> read_rate(std::string_view text) {
    const auto whole = take_digits(text);
    std::string_view fraction;
    if (whole.empty()) return std::nullopt;
    if (take(text, ".")) {
        fraction = take_digits(text);
        if (fraction.empty()) return std::nullopt;
    }
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    if (!text.empty() || fraction.size() > kRateDecimalsMax ||
        whole.size() + fraction.size() > kRateDigitsMax) {
        return std::nullopt;
    }
    Rate rate{0, static_cast<int>(fraction.size())};
    for (const char c : whole) rate.mantissa = rate.mantissa * 10 + (c - '0');
    for (const char c : fraction) rate.mantissa = rate.mantissa * 10 + (c - '0');
    if (rate.mantissa == 0) return std::nullopt;
    return rate;
}

// dividend / divisor * 10^decimals, rounded; nothing on overflow.
std::optional<Int128> scaled_quotient(const Rate& dividend, const Rate& divisor, int decimals) {
    Int128 above = dividend.mantissa;
    Int128 below = divisor.mantissa;
    const int shift = decimals + divisor.scale - dividend.scale;
    if (__builtin_mul_overflow(above, power_of_ten(std::max(shift, 0)), &above)) return {};
    if (__builtin_mul_overflow(below, power_of_ten(std::max(-shift, 0)), &below)) return {};
    return divide_rounded(above, below);
}

std::string rate_text(Int128 scaled, int decimals) {
    auto digits = std::to_string(static_cast<std::int64_t>(scaled));
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    if (places == 0) return digits;
    digits.insert(digits.size() - places, ".");
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.ends_with('.')) digits.pop_back();
    return digits;
}

}  // namespace

std::optional<int> currency_exponent(std::string_view code) {
    if (!is_code(code)) return std::nullopt;
    const auto exponent = kExponents[code_index(code)];
    if (exponent < 0) return std::nullopt;
    return exponent;
}

Result<std::int64_t> parse_minor_units(std::string_view decimal_text, std::string_view currency) {
    const auto exponent = currency_exponent(currency);
    if (!exponent) return refuse(currency, "is not a lower-case ISO 4217 currency code");
    const auto decimal = read_decimal(decimal_text);
    if (!decimal) return refuse(decimal_text, "is not a decimal number");
    if (decimal->digits.empty()) return 0;
    if (decimal->scale > *exponent) {
        return refuse(decimal_text,
                      fmt::format("has more decimals than {} has ({})", currency, *exponent));
    }
    const auto value = integer_value(*decimal, *exponent - decimal->scale);
    if (!value) return refuse(decimal_text, "is too large for an amount");
    return *value;
}

std::string format_minor(std::int64_t amount_minor, std::string_view currency) {
    const auto exponent = static_cast<std::size_t>(currency_exponent(currency).value_or(2));
    const auto bits = static_cast<std::uint64_t>(amount_minor);
    auto digits = std::to_string(amount_minor < 0 ? 0 - bits : bits);
    if (digits.size() <= exponent) digits.insert(0, exponent + 1 - digits.size(), '0');
    if (exponent > 0) digits.insert(digits.size() - exponent, ".");
    return amount_minor < 0 ? "-" + digits : digits;
}

bool is_rate(std::string_view text) {
    return read_rate(text).has_value();
}

std::optional<std::int64_t> convert(std::int64_t amount_minor, std::string_view from,
                                    std::string_view to, std::string_view rate_text) {
    const auto from_exponent = currency_exponent(from);
    const auto to_exponent = currency_exponent(to);
    const auto rate = read_rate(rate_text);
    if (!from_exponent || !to_exponent || !rate) return std::nullopt;
    Int128 value = static_cast<Int128>(amount_minor) * rate->mantissa;
    const int shift = *to_exponent - *from_exponent - rate->scale;
    if (shift < 0) {
        value = divide_rounded(value, power_of_ten(-shift));
    } else if (__builtin_mul_overflow(value, power_of_ten(shift), &value)) {
        return std::nullopt;
    }
    if (value < INT64_MIN || value > INT64_MAX) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::string cross_rate(std::string_view per_base_from, std::string_view per_base_to) {
    const auto from = read_rate(per_base_from);
    const auto to = read_rate(per_base_to);
    if (!from || !to) return {};
    for (int decimals = kRateDecimalsMax; decimals >= 0; --decimals) {
        const auto scaled = scaled_quotient(*to, *from, decimals);
        if (scaled == 0) return {};
        // A quotient with many digits before the point keeps fewer behind it.
        if (scaled && *scaled < power_of_ten(kRateDigitsMax)) return rate_text(*scaled, decimals);
    }
    return {};
}

}  // namespace hw
