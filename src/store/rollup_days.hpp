// SPDX-License-Identifier: Apache-2.0
// Which UTC days have their hours summed up in rollups_day. Days are closed from the oldest on, in
// several transactions (core/close_days.hpp); whoever counts something into an old day opens it
// again in the same transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "store/analytics.hpp"
#include "store/tx.hpp"

namespace hw {

// Counts of days that begin before this open them. Later ones are not closed yet.
std::int64_t old_days_end(std::int64_t now_ms);

// Opens the old days that the counts belong to. Their rows stay locked until the commit.
void open_old_days(Connection& connection, const Counters& counters, std::int64_t now_ms);

// Every day before `until_ms` is closed or empty, except the open ones.
struct ClosedDays {
    std::int64_t until_ms = 0;
    std::vector<std::int64_t> open{};  // sorted
};
ClosedDays closed_days(Tx& tx);

// The oldest day that has counts and is not closed, if it begins before that.
std::optional<std::int64_t> first_unclosed_day(Tx& tx, std::int64_t before_ms);

// `closer` is a number of its own for each attempt to close a day, and not 0. Whoever begins last
// goes on, unless the day is closed already.
void begin_closing(Tx& tx, std::int64_t day_ms, std::int64_t closer);

// False when the day was opened, closed or taken over since. Else that waits for this transaction.
bool hold_closing(Tx& tx, std::int64_t day_ms, std::int64_t closer);

void put_day_row(Tx& tx, std::int64_t day_ms, std::string_view dimension, const ValueCounts& sum);
void finish_closing(Tx& tx, std::int64_t day_ms);

}  // namespace hw
