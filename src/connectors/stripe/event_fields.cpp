// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/event_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/money.hpp"
#include "connectors/amounts.hpp"

namespace hw::stripe {
namespace {

using connectors::kAmountMax;

constexpr std::array<std::string_view, 15> kZeroDecimal = {"bif", "clp", "djf", "gnf", "jpy",
                                                           "kmf", "krw", "mga", "pyg", "rwf",
                                                           "vnd", "vuv", "xaf", "xof", "xpf"};
constexpr std::array<std::string_view, 5> kThreeDecimal = {"bhd", "jod", "kwd", "omr", "tnd"};

int wire_exponent(std::string_view currency) {
    if (std::ranges::find(kZeroDecimal, currency) != kZeroDecimal.end()) return 0;
    return std::ranges::find(kThreeDecimal, currency) != kThreeDecimal.end() ? 3 : 2;
}

}  // namespace

WireScale wire_scale(std::string_view currency) {
    const auto exponent = currency_exponent(currency);
    WireScale scale;
    if (!exponent) return scale;
    const auto wire = wire_exponent(currency);
    for (int i = wire; i < *exponent; ++i) scale.times *= 10;
    for (int i = *exponent; i < wire; ++i) scale.by *= 10;
    return scale;
}

Result<std::int64_t> wire_amount(std::int64_t amount, std::string_view currency) {
    const auto scale = wire_scale(currency);
    if (amount > kAmountMax || amount < -kAmountMax || amount % scale.by != 0) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("{} {} on the wire is no amount of that currency", amount,
                                std::string(currency)),
                    "amount_not_in_currency");
    }
    return amount * scale.times / scale.by;
}

}  // namespace hw::stripe
