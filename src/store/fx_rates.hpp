// SPDX-License-Identifier: Apache-2.0
// Dated exchange rates. Rates are decimal text, never floating point.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct StoredRate {
    std::string date;    // YYYY-MM-DD
    std::string base;    // lower case
    std::string quote;   // lower case
    std::string rate;    // units of quote per unit of base
    std::string source;  // for example "ecb" or "starter"
};

// The first source of a day stands; importing the same file again changes nothing.
void insert_fx_rate(Tx& tx, const StoredRate& rate);

// The rate of that date, else the last one before it.
std::optional<StoredRate> find_fx_rate(Tx& tx, std::string_view base, std::string_view quote,
                                       std::string_view date);

// Any base that has a rate for the currency on or before the date; the ECB's base is "eur".
std::optional<std::string> find_fx_base(Tx& tx, std::string_view quote, std::string_view date);

// Two currencies that have rates, with the newest one.
struct FxPair {
    StoredRate newest;
    std::int64_t days = 0;  // how many rates the pair has
};
std::vector<FxPair> list_fx_pairs(Tx& tx);

}  // namespace hw
