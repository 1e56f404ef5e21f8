// SPDX-License-Identifier: Apache-2.0
#include "store/commission_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "store/json_array.hpp"

namespace hw {
namespace {

// SQLite and PostgreSQL unpack lists with functions of their own.
constexpr std::string_view kSqliteList = "select value from json_each(${})";
constexpr std::string_view kPostgresList = "select json_array_elements_text(cast(${} as json))";

std::string one_of(std::string_view column, std::string_view list, int parameter) {
    return fmt::format("(${0} = '[]' or ({1} in ({2})) = (${3} = 0))", parameter, column,
                       fmt::format(fmt::runtime(list), parameter), parameter + 1);
}

std::string list_sql(std::string_view key, std::string_view direction, char past,
                     std::string_view list) {
    return fmt::format(
        R"sql(
select c.commission_id
from commissions c
    join commission_states s on s.workspace_id = c.workspace_id
        and s.commission_id = c.commission_id
    left join enrollments e on e.workspace_id = c.workspace_id
        and e.program_id = c.program_id and e.partner_id = c.partner_id
where c.workspace_id = $1 and c.program_id = $2 and {3} and {4} and {5} and {6}
    and ($11 = '' or c.customer_id = $11) and ($12 = '' or c.invoice_id = $12)
    and ($13 = '' or exists (select 1 from payout_items i where i.workspace_id = c.workspace_id
        and i.payout_id = $13 and i.commission_id = c.commission_id))
    and c.occurred_at_ms >= $14 and c.occurred_at_ms < $15
    and ($12 <> '' or s.earnings <> 0 or s.status in ('refunded', 'duplicate', 'fraud', 'canceled'))
    and c.commission_id {2} $16
order by {0} {1}, c.commission_id {1} limit $17 offset $18
)sql",
        key, direction, past, one_of("c.kind", list, 3), one_of("s.status", list, 5),
        one_of("c.partner_id", list, 7), one_of("coalesce(e.group_id, '')", list, 9));
}

std::array<Query, 4> list_queries() {
    const auto query = [](const char* name, std::string_view key, std::string_view direction,
                          char past) {
        return Query{name, list_sql(key, direction, past, kSqliteList),
                     list_sql(key, direction, past, kPostgresList)};
    };
    return {query("list_commissions_created_up", "c.commission_id", "", '>'),
            query("list_commissions_created_down", "c.commission_id", "desc", '<'),
            query("list_commissions_amount_up", "s.amount", "", '>'),
            query("list_commissions_amount_down", "s.amount", "desc", '<')};
}

// By CommissionOrder; first upwards, then downwards.
const std::array<Query, 4> kListCommissions = list_queries();

constexpr auto kAboveEveryId = "\U0010FFFF";  // texts compare by their bytes

}  // namespace

std::vector<std::string> list_commission_ids(Tx& tx, const CommissionFilter& filter) {
    // The page before a cursor is read the other way round, so that the limit keeps the nearest.
    const bool backwards = !filter.before.empty();
    const bool descending = filter.descending != backwards;
    const auto index = static_cast<std::size_t>(filter.order) * 2 + (descending ? 1 : 0);
    const auto& cursor = backwards ? filter.before : filter.after;
    const auto negated = [](const ListedValues& values) {
        return std::int64_t{values.negated ? 1 : 0};
    };
    auto found = tx.all(
        kListCommissions[index], [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        filter.program_id, json_array_text(filter.kinds.values), negated(filter.kinds),
        json_array_text(filter.statuses.values), negated(filter.statuses),
        json_array_text(filter.partner_ids.values), negated(filter.partner_ids),
        json_array_text(filter.group_ids.values), negated(filter.group_ids), filter.customer_id,
        filter.invoice_id, filter.payout_id, filter.from_ms, filter.to_ms,
        cursor.empty() && descending ? kAboveEveryId : cursor, filter.limit, filter.offset);
    if (backwards) std::ranges::reverse(found);
    return found;
}

}  // namespace hw
