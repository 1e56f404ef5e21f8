// SPDX-License-Identifier: Apache-2.0
#include "store/mrr_sums.hpp"

namespace hw {
namespace {

const Query kFindMrrBook{"find_mrr_book", R"sql(
select customers from mrr_books where workspace_id = $1 and is_test = $2
)sql"};

const Query kListMrrMonths{"list_mrr_months", R"sql(
select month, currency, kind, amount, movements
from mrr_months where workspace_id = $1 and is_test = $2
)sql"};

const Query kListMrrSources{"list_mrr_sources", R"sql(
select source, currency, amount from mrr_sources where workspace_id = $1 and is_test = $2
)sql"};

const Query kAddMrrBook{"add_mrr_book", R"sql(
insert into mrr_books as b (workspace_id, is_test, customers) values ($1, $2, $3)
on conflict (workspace_id, is_test) do update set customers = b.customers + excluded.customers
)sql"};

const Query kAddMrrMonth{"add_mrr_month", R"sql(
insert into mrr_months as m (workspace_id, is_test, month, currency, kind, amount, movements)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (workspace_id, is_test, month, currency, kind) do update set
    amount = m.amount + excluded.amount, movements = m.movements + excluded.movements
)sql"};

const Query kAddMrrSource{"add_mrr_source", R"sql(
insert into mrr_sources as s (workspace_id, is_test, source, currency, amount)
values ($1, $2, $3, $4, $5)
on conflict (workspace_id, is_test, source, currency) do update set
    amount = s.amount + excluded.amount
)sql"};

}  // namespace

void MrrSums::add(const MrrSums& other, std::int64_t sign) {
    customers += sign * other.customers;
    for (const auto& [key, sum] : other.months) {
        auto& mine = months[key];
        mine.amount += sign * sum.amount;
        mine.movements += sign * sum.movements;
    }
    for (const auto& [key, amount] : other.sources) sources[key] += sign * amount;
    std::erase_if(months, [](const auto& entry) { return entry.second == MrrMonthSum{}; });
    std::erase_if(sources, [](const auto& entry) { return entry.second == 0; });
}

std::optional<MrrSums> find_mrr_sums(Tx& tx, bool test) {
    const auto customers = tx.first(
        kFindMrrBook, [](const Row& row) { return row.int64(0); }, tx.workspace_id(), test);
    if (!customers) return std::nullopt;
    MrrSums found;
    found.customers = *customers;
    tx.each(
        kListMrrMonths,
        [&](const Row& row) {
            found.months[{row.text(0), row.text(1), row.int64(2)}] = {row.int64(3), row.int64(4)};
        },
        tx.workspace_id(), test);
    tx.each(
        kListMrrSources,
        [&](const Row& row) { found.sources[{row.text(0), row.text(1)}] = row.int64(2); },
        tx.workspace_id(), test);
    found.add({});
    return found;
}

bool has_mrr_sums(Tx& tx, bool test) {
    return tx.any(kFindMrrBook, tx.workspace_id(), test);
}

void add_mrr_sums(Tx& tx, bool test, const MrrSums& added) {
    const auto& ws = tx.workspace_id();
    tx.exec(kAddMrrBook, ws, test, added.customers);
    for (const auto& [key, sum] : added.months) {
        const auto& [month, currency, kind] = key;
        tx.exec(kAddMrrMonth, ws, test, month, currency, kind, sum.amount, sum.movements);
    }
    for (const auto& [key, amount] : added.sources) {
        tx.exec(kAddMrrSource, ws, test, key.first, key.second, amount);
    }
}

}  // namespace hw
