// SPDX-License-Identifier: Apache-2.0
#include "store/analytics.hpp"

#include <fmt/format.h>

#include "store/json_array.hpp"

namespace hw {
namespace {

// The key has the value before the hour, so one hour of a dimension is spread over all of it. This
// walks from value to value, so that of each the hours can be sought that are asked for.
const Query kListValues{"list_rollup_values", R"sql(
with recursive v(value, place) as (
    select (select min(r.value) from rollups_hour r
        where r.workspace_id = $1 and r.dimension = $2 and r.value >= $3), 1
    union all
    select (select min(r.value) from rollups_hour r
        where r.workspace_id = $1 and r.dimension = $2 and r.value > v.value), v.place + 1
    from v where v.value is not null and v.place < $4)
select value from v where value is not null order by place
)sql"};

// The engines unfold a JSON array with different functions.
std::string sum_sql(std::string_view table, std::string_view time, std::string_view unfolded) {
    return fmt::format(R"sql(
select value, cast(sum(clicks) as bigint), cast(sum(leads) as bigint), cast(sum(sales) as bigint),
    cast(sum(sale_amount) as bigint)
from {0}
where workspace_id = $1 and dimension = $2 and value in ({2}) and {1} >= $4 and {1} < $5
group by value order by value
)sql",
                       table, time, unfolded);
}

constexpr std::string_view kUnfoldSqlite = "select value from json_each($3)";
constexpr std::string_view kUnfoldPostgres = "select json_array_elements_text(cast($3 as json))";

const Query kSumHours{"sum_rollup_hours", sum_sql("rollups_hour", "hour_ms", kUnfoldSqlite),
                      sum_sql("rollups_hour", "hour_ms", kUnfoldPostgres)};

const Query kSumDays{"sum_rollup_days", sum_sql("rollups_day", "day_ms", kUnfoldSqlite),
                     sum_sql("rollups_day", "day_ms", kUnfoldPostgres)};

const Query kHoursOfValue{"hours_of_value", R"sql(
select hour_ms, clicks, leads, sales, sale_amount
from rollups_hour
where workspace_id = $1 and dimension = $2 and value = $3 and hour_ms >= $4 and hour_ms < $5
order by hour_ms
)sql"};

const Query kDaysOfValue{"days_of_value", R"sql(
select day_ms, clicks, leads, sales, sale_amount
from rollups_day
where workspace_id = $1 and dimension = $2 and value = $3 and day_ms >= $4 and day_ms < $5
order by day_ms
)sql"};

const Query kFirstCountedHour{"first_counted_hour", R"sql(
select hour_ms from rollups_hour where workspace_id = $1 and dimension = 'all' and value = ''
order by hour_ms limit 1
)sql"};

const Query kLastCountedHour{"last_counted_hour", R"sql(
select hour_ms from rollups_hour where workspace_id = $1 and dimension = 'all' and value = ''
order by hour_ms desc limit 1
)sql"};

const Query kListLinkTotals{"list_link_totals", R"sql(
select link_id, cast(sum(clicks) as bigint), cast(sum(leads) as bigint),
    cast(sum(sales) as bigint), cast(sum(sale_amount) as bigint)
from link_totals where workspace_id = $1 and link_id >= $2
group by link_id order by link_id limit $3
)sql"};

std::string existing_sql(std::string_view unfolded) {
    return fmt::format(
        "select link_id from links where workspace_id = $1 and link_id in ({}) "
        "order by link_id",
        unfolded);
}

const Query kExistingLinks{"list_existing_links", existing_sql("select value from json_each($2)"),
                           existing_sql("select json_array_elements_text(cast($2 as json))")};

RollupCounts counts_from(const Row& row, int first_column) {
    return {row.int64(first_column), row.int64(first_column + 1), row.int64(first_column + 2),
            row.int64(first_column + 3)};
}

ValueCounts value_counts_from(const Row& row) {
    return {row.text(0), counts_from(row, 1)};
}

}  // namespace

ValuePage list_values(Tx& tx, std::string_view dimension, std::string_view from,
                      std::size_t at_most) {
    ValuePage page;
    page.values = tx.all(
        kListValues, [](const Row& row) { return row.text(0); }, tx.workspace_id(), dimension, from,
        static_cast<std::int64_t>(at_most + 1));
    if (page.values.size() > at_most) {
        page.next = std::move(page.values.back());
        page.values.pop_back();
    }
    return page;
}

std::vector<ValueCounts> sum_values(Tx& tx, std::string_view dimension,
                                    std::span<const std::string> values, const RollupSpan& span) {
    if (values.empty() || span.from_ms >= span.to_ms) return {};
    const auto& query = span.rows == RollupRows::Days ? kSumDays : kSumHours;
    return tx.all(query, value_counts_from, tx.workspace_id(), dimension, json_array_text(values),
                  span.from_ms, span.to_ms);
}

void each_row_of_value(Tx& tx, std::string_view dimension, std::string_view value,
                       const RollupSpan& span,
                       FunctionRef<void(std::int64_t, const RollupCounts&)> on_row) {
    const auto& query = span.rows == RollupRows::Days ? kDaysOfValue : kHoursOfValue;
    tx.each(
        query, [&](const Row& row) { on_row(row.int64(0), counts_from(row, 1)); },
        tx.workspace_id(), dimension, value, span.from_ms, span.to_ms);
}

TotalsPage list_link_totals(Tx& tx, std::string_view from, std::size_t at_most) {
    TotalsPage page;
    page.totals = tx.all(kListLinkTotals, value_counts_from, tx.workspace_id(), from,
                         static_cast<std::int64_t>(at_most + 1));
    if (page.totals.size() > at_most) {
        page.next = std::move(page.totals.back().value);
        page.totals.pop_back();
    }
    return page;
}

std::vector<std::string> list_existing_links(Tx& tx, std::span<const std::string> link_ids) {
    if (link_ids.empty()) return {};
    return tx.all(
        kExistingLinks, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        json_array_text(link_ids));
}

std::optional<std::int64_t> first_counted_hour(Tx& tx) {
    return tx.first(
        kFirstCountedHour, [](const Row& row) { return row.int64(0); }, tx.workspace_id());
}

std::optional<std::int64_t> last_counted_hour(Tx& tx) {
    return tx.first(
        kLastCountedHour, [](const Row& row) { return row.int64(0); }, tx.workspace_id());
}

}  // namespace hw
