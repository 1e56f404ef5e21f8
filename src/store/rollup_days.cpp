// SPDX-License-Identifier: Apache-2.0
#include "store/rollup_days.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <utility>

#include "base/civil_time.hpp"

namespace hw {
namespace {

const Query kOpenDay{"open_rollup_day", R"sql(
insert into rollup_days as t (workspace_id, day_ms, closed, closer) values ($1, $2, 0, 0)
on conflict (workspace_id, day_ms) do update set closed = 0, closer = 0
)sql"};

const Query kLastClosedDay{"last_closed_day", R"sql(
select day_ms from rollup_days where workspace_id = $1 and closed = 1
order by day_ms desc limit 1
)sql"};

const Query kListOpenDays{"list_open_days", R"sql(
select day_ms from rollup_days where workspace_id = $1 and closed = 0 and day_ms < $2
order by day_ms
)sql"};

const Query kFirstOpenDay{"first_open_day", R"sql(
select day_ms from rollup_days where workspace_id = $1 and closed = 0
order by day_ms limit 1
)sql"};

const Query kFirstCountedHourFrom{"first_counted_hour_from", R"sql(
select hour_ms from rollups_hour
where workspace_id = $1 and dimension = 'all' and value = '' and hour_ms >= $2
order by hour_ms limit 1
)sql"};

const Query kBeginClosing{"begin_closing_day", R"sql(
insert into rollup_days as t (workspace_id, day_ms, closed, closer) values ($1, $2, 0, $3)
on conflict (workspace_id, day_ms) do update set closer = excluded.closer where t.closed = 0
)sql"};

// SQLite's one writer is the lock.
const Query kHoldClosing{"hold_closing_day", R"sql(
select 1 from rollup_days where workspace_id = $1 and day_ms = $2 and closed = 0 and closer = $3
)sql",
                         R"sql(
select 1 from rollup_days where workspace_id = $1 and day_ms = $2 and closed = 0 and closer = $3
for update
)sql"};

const Query kPutDayRow{"put_rollup_day", R"sql(
insert into rollups_day (workspace_id, dimension, value, day_ms, clicks, leads, sales, sale_amount)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (workspace_id, dimension, value, day_ms) do update set
    clicks = excluded.clicks, leads = excluded.leads, sales = excluded.sales,
    sale_amount = excluded.sale_amount
)sql"};

const Query kFinishClosing{"finish_closing_day", R"sql(
update rollup_days set closed = 1, closer = 0 where workspace_id = $1 and day_ms = $2
)sql"};

std::int64_t first_int64(const Row& row) {
    return row.int64(0);
}

}  // namespace

std::int64_t old_days_end(std::int64_t now_ms) {
    return start_of_day_ms(now_ms) - kDayMs;
}

void open_old_days(Connection& connection, const Counters& counters, std::int64_t now_ms) {
    const auto end_ms = old_days_end(now_ms);
    std::set<std::pair<std::string_view, std::int64_t>> days;  // all lock in the same order
    for (const auto& [key, counts] : counters.rollups()) {
        if (key.hour_ms < end_ms) days.emplace(key.workspace_id, start_of_day_ms(key.hour_ms));
    }
    for (const auto& [workspace_id, day_ms] : days) {
        const std::array<Param, 2> params{workspace_id, day_ms};
        connection.exec(kOpenDay, params);
    }
}

ClosedDays closed_days(Tx& tx) {
    const auto last_ms = tx.first(kLastClosedDay, first_int64, tx.workspace_id());
    if (!last_ms) return {};
    return {.until_ms = *last_ms + kDayMs,
            .open = tx.all(kListOpenDays, first_int64, tx.workspace_id(), *last_ms)};
}

std::optional<std::int64_t> first_unclosed_day(Tx& tx, std::int64_t before_ms) {
    // Days without a row are younger than the last closed one.
    const auto last_ms = tx.first(kLastClosedDay, first_int64, tx.workspace_id());
    const auto from_ms = last_ms ? *last_ms + kDayMs : std::numeric_limits<std::int64_t>::min();
    const auto opened = tx.first(kFirstOpenDay, first_int64, tx.workspace_id());
    const auto hour_ms = tx.first(kFirstCountedHourFrom, first_int64, tx.workspace_id(), from_ms);
    auto day_ms = before_ms;
    if (opened) day_ms = std::min(day_ms, *opened);
    if (hour_ms) day_ms = std::min(day_ms, start_of_day_ms(*hour_ms));
    if (day_ms >= before_ms) return std::nullopt;
    return day_ms;
}

void begin_closing(Tx& tx, std::int64_t day_ms, std::int64_t closer) {
    tx.exec(kBeginClosing, tx.workspace_id(), day_ms, closer);
}

bool hold_closing(Tx& tx, std::int64_t day_ms, std::int64_t closer) {
    return tx.any(kHoldClosing, tx.workspace_id(), day_ms, closer);
}

void put_day_row(Tx& tx, std::int64_t day_ms, std::string_view dimension, const ValueCounts& sum) {
    const auto& [clicks, leads, sales, sale_amount] = sum.counts;
    tx.exec(kPutDayRow, tx.workspace_id(), dimension, sum.value, day_ms, clicks, leads, sales,
            sale_amount);
}

void finish_closing(Tx& tx, std::int64_t day_ms) {
    tx.exec(kFinishClosing, tx.workspace_id(), day_ms);
}

}  // namespace hw
