// SPDX-License-Identifier: Apache-2.0
#include "core/convert_currency.hpp"

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/money.hpp"
#include "store/fx_rates.hpp"

namespace hw {
namespace {

// Rates are published as quote per base (the ECB: per euro). The base itself costs 1.
std::optional<StoredRate> rate_per_base(Tx& tx, std::string_view base, std::string_view quote,
                                        std::string_view date) {
    if (base == quote)
        return StoredRate{std::string(date), std::string(base), std::string(quote), "1", ""};
    return find_fx_rate(tx, base, quote, date);
}

}  // namespace

Converted convert_currency(Tx& tx, std::int64_t amount, std::string_view from, std::string_view to,
                           std::int64_t at_ms) {
    if (from == to) return {.amount = amount, .rate = {}, .rate_date = {}, .source = {}};
    const auto date = date_text(at_ms);
    auto base = find_fx_base(tx, from, date);
    if (!base) base = find_fx_base(tx, to, date);
    if (!base) return {};
    const auto from_rate = rate_per_base(tx, *base, from, date);
    const auto to_rate = rate_per_base(tx, *base, to, date);
    if (!from_rate || !to_rate) return {};
    const auto rate = cross_rate(from_rate->rate, to_rate->rate);
    const auto converted = convert(amount, from, to, rate);
    if (!converted) return {};
    // The older of the two dates is the honest one; the base's own rate has no source.
    return {.amount = converted,
            .rate = rate,
            .rate_date = std::min(from_rate->date, to_rate->date),
            .source = from_rate->source.empty() ? to_rate->source : from_rate->source};
}

}  // namespace hw
