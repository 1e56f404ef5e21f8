// SPDX-License-Identifier: Apache-2.0
#include "store/analytics.hpp"

namespace hw {
namespace {

// The key has the value before the hour, so one hour of a dimension is spread over all of it. These
// walk from value to value and seek the hours of each, which reads what is asked for alone.
const Query kSumDimension{"sum_dimension", R"sql(
with recursive v(value) as (
    select min(r.value) from rollups_hour r where r.workspace_id = $1 and r.dimension = $2
    union all
    select (select min(r.value) from rollups_hour r
        where r.workspace_id = $1 and r.dimension = $2 and r.value > v.value)
    from v where v.value is not null)
select v.value, cast(sum(h.clicks) as bigint), cast(sum(h.leads) as bigint),
    cast(sum(h.sales) as bigint), cast(sum(h.sale_amount) as bigint)
from v cross join rollups_hour h
where h.workspace_id = $1 and h.dimension = $2 and h.value = v.value and h.hour_ms >= $3
    and h.hour_ms < $4
group by v.value
)sql"};

const Query kValuesOfDimension{"values_of_dimension", R"sql(
with recursive v(value) as (
    select min(r.value) from rollups_hour r where r.workspace_id = $1 and r.dimension = $2
    union all
    select (select min(r.value) from rollups_hour r
        where r.workspace_id = $1 and r.dimension = $2 and r.value > v.value)
    from v where v.value is not null)
select value from v where value is not null
)sql"};

const Query kSumValue{"sum_value", R"sql(
select cast(coalesce(sum(clicks), 0) as bigint), cast(coalesce(sum(leads), 0) as bigint),
    cast(coalesce(sum(sales), 0) as bigint), cast(coalesce(sum(sale_amount), 0) as bigint)
from rollups_hour
where workspace_id = $1 and dimension = $2 and value = $3 and hour_ms >= $4 and hour_ms < $5
)sql"};

const Query kHoursOfValue{"hours_of_value", R"sql(
select hour_ms, clicks, leads, sales, sale_amount
from rollups_hour
where workspace_id = $1 and dimension = $2 and value = $3 and hour_ms >= $4 and hour_ms < $5
order by hour_ms
)sql"};

const Query kFirstCountedHour{"first_counted_hour", R"sql(
select hour_ms from rollups_hour where workspace_id = $1 and dimension = 'all' and value = ''
order by hour_ms limit 1
)sql"};

RollupCounts counts_from(const Row& row, int first_column) {
    return {row.int64(first_column), row.int64(first_column + 1), row.int64(first_column + 2),
            row.int64(first_column + 3)};
}

}  // namespace

std::vector<ValueCounts> sum_dimension(Tx& tx, std::string_view dimension, const HourRange& range) {
    if (range.from_ms >= range.to_ms) return {};
    return tx.all(
        kSumDimension, [](const Row& row) { return ValueCounts{row.text(0), counts_from(row, 1)}; },
        tx.workspace_id(), dimension, range.from_ms, range.to_ms);
}

RollupCounts sum_value(Tx& tx, std::string_view dimension, std::string_view value,
                       const HourRange& range) {
    const auto sum = tx.first(
        kSumValue, [](const Row& row) { return counts_from(row, 0); }, tx.workspace_id(), dimension,
        value, range.from_ms, range.to_ms);
    return sum.value_or(RollupCounts{});
}

void each_hour_of_value(Tx& tx, std::string_view dimension, std::string_view value,
                        const HourRange& range,
                        FunctionRef<void(std::int64_t, const RollupCounts&)> on_hour) {
    tx.each(
        kHoursOfValue, [&](const Row& row) { on_hour(row.int64(0), counts_from(row, 1)); },
        tx.workspace_id(), dimension, value, range.from_ms, range.to_ms);
}

std::vector<std::string> values_of_dimension(Tx& tx, std::string_view dimension) {
    return tx.all(
        kValuesOfDimension, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        dimension);
}

std::optional<std::int64_t> first_counted_hour(Tx& tx) {
    return tx.first(
        kFirstCountedHour, [](const Row& row) { return row.int64(0); }, tx.workspace_id());
}

}  // namespace hw
