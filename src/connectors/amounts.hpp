// SPDX-License-Identifier: Apache-2.0
// Amounts as payment processors write them, and what prices bring in a month. All of it exact:
// rounded once, half away from zero, at the end.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/error.hpp"

namespace hw::connectors {

__extension__ using Int128 = __int128;  // products of two amounts

inline constexpr std::int64_t kAmountMax = 1'000'000'000'000'000;  // no product of two overflows
inline constexpr std::int64_t kUnit = 1'000'000'000'000;  // of one minor unit, within MonthlySum

// An integer or the text of one, in minor units; 0 when not told. 422 for anything else.
Result<std::int64_t> minor_at(const boost::json::object& object,
                              std::initializer_list<std::string_view> path);

// The text of a decimal in whole units of the currency; 0 when not told. 422 for anything else.
Result<std::int64_t> decimal_at(const boost::json::object& object,
                                std::initializer_list<std::string_view> path,
                                std::string_view currency);

// What was paid in cash without its share of the tax: a credit may have paid the rest.
std::int64_t net_of(std::int64_t paid, std::int64_t total, std::int64_t untaxed);

// How often an interval fits into a month, as a fraction over 84; 0 for one that nobody knows.
std::int64_t per_month_84ths(std::string_view interval);

// A sum of fractions with small denominators; the numerators carry kUnit.
class MonthlySum {
  public:
    // False: out of the range that amounts have.
    bool add(Int128 numerator, std::int64_t denominator);

    // `amount` minor units, `quantity` times every `count` intervals. False: nobody can tell.
    bool add_price(std::int64_t amount, std::int64_t quantity, std::string_view interval,
                   std::int64_t count);

    std::int64_t rounded(std::int64_t times = 1, std::int64_t by = 1) const;

  private:
    Int128 numerator_ = 0;
    std::int64_t denominator_ = 1;
};

// Months of a billed period times 365; whole months count as such, whatever their days.
std::int64_t months_times_365(std::int64_t seconds);

}  // namespace hw::connectors
