// SPDX-License-Identifier: Apache-2.0
#include "store/payout_list.hpp"

#include <fmt/format.h>

#include <array>

namespace hw {
namespace {

constexpr std::string_view kSelect = R"sql(
select p.workspace_id, p.payout_id, p.program_id, p.partner_id, p.amount, p.currency,
    p.description, p.period_start_ms, p.period_end_ms, p.created_at_ms,
    s.seq, s.status, s.reason, s.trace_id, s.decided_by, s.decided_at_ms,
    (select min(b.decided_at_ms) from payout_steps b where b.workspace_id = p.workspace_id
        and b.payout_id = p.payout_id
        and b.status in ('processing', 'processed', 'sent', 'completed')) as initiated_at_ms,
    (select max(d.decided_at_ms) from payout_steps d where d.workspace_id = p.workspace_id
        and d.payout_id = p.payout_id and d.status = 'completed') as paid_at_ms
from payouts p join payout_steps s on s.workspace_id = p.workspace_id and s.payout_id = p.payout_id
    and s.seq = (select max(l.seq) from payout_steps l
        where l.workspace_id = p.workspace_id and l.payout_id = p.payout_id)
)sql";

constexpr std::string_view kWhere = R"sql(
where p.workspace_id = $1 and p.program_id = $2 and ($3 = '' or s.status = $3)
    and ($4 = '' or p.partner_id = $4)
    and ($5 = '' or exists (select 1 from enrollments e where e.workspace_id = p.workspace_id
        and e.program_id = p.program_id and e.partner_id = p.partner_id and e.group_id = $5))
)sql";

std::string list_sql(std::string_view key, std::string_view direction) {
    return fmt::format("{}{} order by {} {}, p.payout_id limit $6 offset $7", kSelect, kWhere, key,
                       direction);
}

const Query kListPayoutsAfter{
    "list_payouts_after",
    fmt::format("{}{} and p.payout_id > $6 order by p.payout_id limit $7", kSelect, kWhere)};

// By PayoutOrder; first upwards, then downwards. The last two columns are the times; PostgreSQL
// puts missing ones after, SQLite before all others.
const std::array<Query, 6> kListPayouts{{
    {"list_payouts_amount_up", list_sql("p.amount", "")},
    {"list_payouts_amount_down", list_sql("p.amount", "desc")},
    {"list_payouts_initiated_up", list_sql("17", "nulls first")},
    {"list_payouts_initiated_down", list_sql("17", "desc nulls last")},
    {"list_payouts_paid_up", list_sql("18", "nulls first")},
    {"list_payouts_paid_down", list_sql("18", "desc nulls last")},
}};

const Query kFindListedPayout{
    "find_listed_payout",
    fmt::format("{} where p.workspace_id = $1 and p.payout_id = $2", kSelect)};

ListedPayout listed_from(const Row& row) {
    return {.payout = payout_from(row),
            .step = {.seq = row.int64(10),
                     .status = row.text(11),
                     .reason = row.text(12),
                     .trace_id = row.optional_text(13),
                     .decided_by = row.text(14),
                     .decided_at_ms = row.int64(15)},
            .initiated_at_ms = row.optional_int64(16),
            .paid_at_ms = row.optional_int64(17)};
}

}  // namespace

std::vector<ListedPayout> list_payouts(Tx& tx, const PayoutFilter& filter) {
    const auto index = static_cast<std::size_t>(filter.order) * 2 + (filter.descending ? 1 : 0);
    return tx.all(kListPayouts[index], listed_from, tx.workspace_id(), filter.program_id,
                  filter.status, filter.partner_id, filter.group_id, filter.limit, filter.offset);
}

std::vector<ListedPayout> list_payouts_after(Tx& tx, const PayoutFilter& filter,
                                             std::string_view after_id) {
    return tx.all(kListPayoutsAfter, listed_from, tx.workspace_id(), filter.program_id,
                  filter.status, filter.partner_id, filter.group_id, after_id, filter.limit);
}

std::optional<ListedPayout> find_listed_payout(Tx& tx, std::string_view payout_id) {
    return tx.first(kFindListedPayout, listed_from, tx.workspace_id(), payout_id);
}

}  // namespace hw
