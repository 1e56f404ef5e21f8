// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/recurring.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "connectors/amounts.hpp"
#include "connectors/stripe/event_fields.hpp"

namespace hw::stripe {
namespace {

using connectors::Int128;
using connectors::kAmountMax;
using connectors::kUnit;
using connectors::MonthlySum;
using connectors::months_times_365;

constexpr std::int64_t kPeriodsMax = 1'000;
constexpr std::int64_t kQuantityMax = 1'000'000'000;
constexpr std::size_t kWholeDigitsMax = 12;
constexpr std::size_t kDecimalsMax = 12;  // what kUnit holds
constexpr std::int64_t kDaySeconds = 86'400;

// A decimal times kUnit; nothing for other text.
std::optional<Int128> read_decimal(std::string_view text) {
    const auto point = std::min(text.find('.'), text.size());
    const auto whole = text.substr(0, point);
    const auto decimals = text.substr(std::min(point + 1, text.size()));
    if (whole.empty() || whole.size() > kWholeDigitsMax || decimals.size() > kDecimalsMax) {
        return std::nullopt;
    }
    Int128 value = 0;
    for (const auto part : {whole, decimals}) {
        for (const char c : part) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
    }
    for (auto i = decimals.size(); i < kDecimalsMax; ++i) value *= 10;
    return value;
}

std::optional<Int128> unit_amount(const json::object& price) {
    for (const auto* name : {"unit_amount_decimal", "amount_decimal"}) {
        const auto text = text_at(price, {name});
        if (!text.empty()) return read_decimal(text);
    }
    for (const auto* name : {"unit_amount", "amount"}) {
        const auto amount = int_at(price, {name});
        if (amount && *amount >= 0) return Int128{*amount} * kUnit;
    }
    return std::nullopt;
}

std::int64_t quantity_of(const json::object& item) {
    return std::clamp<std::int64_t>(int_at(item, {"quantity"}).value_or(1), 0, kQuantityMax);
}

// False: nobody can tell what it brings.
bool add_item(const json::object& item, std::int64_t quantity, MonthlySum& sum) {
    const auto& price =
        object_at(item, {"price"}).empty() ? object_at(item, {"plan"}) : object_at(item, {"price"});
    const auto& recurring = object_at(price, {"recurring"}).empty()
                                ? price  // a plan has the interval beside its amount
                                : object_at(price, {"recurring"});
    if (text_at(recurring, {"usage_type"}) == "metered") return true;
    const auto intervals = int_at(recurring, {"interval_count"}).value_or(1);
    const auto times = connectors::per_month_84ths(text_at(recurring, {"interval"}));
    const auto amount = unit_amount(price);
    const auto* transformed = value_at(price, {"transform_quantity"});
    const bool plain = transformed == nullptr || transformed->is_null();
    if (!amount || !plain || times == 0 || intervals < 1 || intervals > kPeriodsMax) return false;
    const auto all = *amount * quantity;
    return all <= Int128{kAmountMax} * kUnit && sum.add(all * times, 84 * intervals);
}

bool is_of_subscription(const json::object& line) {
    return text_at(line, {"parent", "type"}) == "subscription_item_details" ||
           text_at(line, {"type"}) == "subscription";
}

bool is_proration(const json::object& line) {
    return flag_at(line, {"proration"}) ||
           flag_at(line, {"parent", "subscription_item_details", "proration"});
}

std::int64_t tax_within(const json::object& line) {
    std::int64_t tax = 0;
    for (const auto& each : array_at(line, {"taxes"})) {
        if (!each.is_object()) continue;
        const auto& entry = each.get_object();
        if (text_at(entry, {"tax_behavior"}) != "inclusive") continue;
        tax += int_at(entry, {"amount"}).value_or(0);
    }
    return tax;
}

}  // namespace

Recurring recurring_of_items(const json::array& items, std::string_view currency,
                             std::optional<std::int64_t> quantity) {
    Recurring found{.known = !items.empty(), .per_month = 0, .plan = {}};
    MonthlySum sum;
    std::vector<std::string> plan;
    for (const auto& each : items) {
        if (!each.is_object()) continue;
        const auto& item = each.get_object();
        const auto count = quantity && items.size() == 1
                               ? std::clamp<std::int64_t>(*quantity, 0, kQuantityMax)
                               : quantity_of(item);
        auto price = id_at(item, {"price"});
        if (price.empty()) price = id_at(item, {"plan"});
        plan.push_back(fmt::format("{}x{}", price, count));
        if (!add_item(item, count, sum)) found.known = false;
    }
    std::ranges::sort(plan);
    found.plan = fmt::format("{}", fmt::join(plan, "+"));
    if (found.known) {
        const auto scale = wire_scale(currency);
        found.per_month = sum.rounded(scale.times, scale.by);
    }
    return found;
}

Recurring recurring_of_lines(const json::array& lines, std::string_view currency) {
    Recurring found;
    MonthlySum sum;
    for (const auto& each : lines) {
        if (!each.is_object()) continue;
        const auto& line = each.get_object();
        if (!is_of_subscription(line) || is_proration(line)) continue;
        const auto amount = int_at(line, {"amount"}).value_or(0) - tax_within(line);
        const auto seconds = int_at(line, {"period", "end"}).value_or(0) -
                             int_at(line, {"period", "start"}).value_or(0);
        if (seconds < kDaySeconds || seconds > kPeriodsMax * 7 * kDaySeconds) continue;
        if (amount > kAmountMax || amount < -kAmountMax) continue;
        const auto months = months_times_365(seconds);
        found.known = sum.add(Int128{amount} * kUnit * 365, months) || found.known;
    }
    if (found.known) {
        const auto scale = wire_scale(currency);
        found.per_month = sum.rounded(scale.times, scale.by);
    }
    return found;
}

}  // namespace hw::stripe
