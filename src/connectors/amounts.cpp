// SPDX-License-Identifier: Apache-2.0
#include "connectors/amounts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <numeric>
#include <optional>

#include "base/money.hpp"
#include "connectors/json_fields.hpp"

namespace hw::connectors {
namespace {

constexpr std::int64_t kDenominatorMax = 100'000;
constexpr std::int64_t kPeriodsMax = 1'000;
constexpr std::int64_t kQuantityMax = 1'000'000'000;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::size_t kShownBytesMax = 40;

std::unexpected<Error> unreadable(std::initializer_list<std::string_view> path,
                                  const json::value& seen, std::string_view expected) {
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("{}: expected {}, received {}", fmt::join(path, "."), expected,
                            json::serialize(seen).substr(0, kShownBytesMax)),
                "amount_not_readable");
}

std::optional<std::int64_t> integer_of(const json::value& value) {
    if (value.is_int64()) return value.get_int64();
    if (!value.is_string()) return std::nullopt;
    const std::string_view text = value.get_string();
    std::int64_t amount = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, failed] = std::from_chars(text.data(), end, amount);
    if (failed != std::errc{} || rest != end) return std::nullopt;
    return amount;
}

}  // namespace

Result<std::int64_t> minor_at(const json::object& object,
                              std::initializer_list<std::string_view> path) {
    const auto* value = value_at(object, path);
    if (value == nullptr || value->is_null()) return 0;
    const auto amount = integer_of(*value);
    if (amount && *amount <= kAmountMax && *amount >= -kAmountMax) return *amount;
    return unreadable(path, *value, "an integer of at most 10^15");
}

Result<std::int64_t> decimal_at(const json::object& object,
                                std::initializer_list<std::string_view> path,
                                std::string_view currency) {
    const auto* value = value_at(object, path);
    if (value == nullptr || value->is_null()) return 0;
    const auto amount = value->is_string() ? parse_minor_units(value->get_string(), currency)
                                           : Result<std::int64_t>(kAmountMax + 1);
    if (amount && *amount <= kAmountMax && *amount >= -kAmountMax) return *amount;
    return unreadable(path, *value,
                      fmt::format("the text of an amount of \"{}\" below 10^15", currency));
}

std::int64_t net_of(std::int64_t paid, std::int64_t total, std::int64_t untaxed) {
    if (paid == total || total <= 0) return paid == total ? untaxed : paid;
    const auto twice = Int128{paid} * untaxed * 2 + total;
    return static_cast<std::int64_t>(twice / (Int128{total} * 2));
}

std::int64_t per_month_84ths(std::string_view interval) {
    if (interval == "year") return 7;
    if (interval == "month") return 84;
    if (interval == "week") return 365;
    return interval == "day" ? 2'555 : 0;
}

bool MonthlySum::add(Int128 numerator, std::int64_t denominator) {
    const auto common = std::lcm(denominator_, denominator);
    if (common <= 0 || common > kDenominatorMax) return false;
    numerator_ = numerator_ * (common / denominator_) + numerator * (common / denominator);
    denominator_ = common;
    return true;
}

bool MonthlySum::add_price(std::int64_t amount, std::int64_t quantity, std::string_view interval,
                           std::int64_t count) {
    const auto times = per_month_84ths(interval);
    const bool known = times != 0 && count >= 1 && count <= kPeriodsMax && amount >= 0;
    if (!known || quantity < 0 || quantity > kQuantityMax) return false;
    const auto all = Int128{amount} * quantity;
    return all <= kAmountMax && add(all * kUnit * times, 84 * count);
}

std::int64_t MonthlySum::rounded(std::int64_t times, std::int64_t by) const {
    const auto whole = Int128{denominator_} * kUnit * by;
    const auto twice = numerator_ * times * 2;
    const auto half = twice < 0 ? twice - whole : twice + whole;
    return static_cast<std::int64_t>(half / (whole * 2));
}

std::int64_t months_times_365(std::int64_t seconds) {
    const auto days = (seconds + kDaySeconds / 2) / kDaySeconds;
    struct Whole {
        std::int64_t from;
        std::int64_t to;
        std::int64_t months;
    };
    constexpr Whole kWhole[] = {
        {28, 31, 1}, {59, 62, 2}, {89, 92, 3}, {181, 184, 6}, {365, 366, 12}};
    for (const auto& each : kWhole) {
        if (days >= each.from && days <= each.to) return each.months * 365;
    }
    return days * 12;
}

}  // namespace hw::connectors
