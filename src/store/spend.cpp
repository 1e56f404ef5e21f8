// SPDX-License-Identifier: Apache-2.0
#include "store/spend.hpp"

namespace hw {
namespace {

const Query kFindSpend{"find_spend", R"sql(
select day, source, campaign, amount, currency from spend
where workspace_id = $1 and day = $2 and source = $3 and campaign = $4
)sql"};

const Query kPutSpend{"put_spend", R"sql(
insert into spend (workspace_id, day, source, campaign, amount, currency, imported_at_ms)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (workspace_id, day, source, campaign) do update
set amount = excluded.amount, currency = excluded.currency,
    imported_at_ms = excluded.imported_at_ms
)sql"};

const Query kListSpend{"list_spend", R"sql(
select day, source, campaign, amount, currency from spend
where workspace_id = $1 and day <= $2 and (day, source, campaign) > ($3, $4, $5)
order by day, source, campaign limit $6
)sql"};

Spend spend_from(const Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.int64(3), row.text(4)};
}

}  // namespace

std::optional<Spend> find_spend(Tx& tx, const Spend& spend) {
    return tx.first(kFindSpend, spend_from, tx.workspace_id(), spend.day, spend.source,
                    spend.campaign);
}

void put_spend(Tx& tx, const Spend& spend) {
    tx.exec(kPutSpend, tx.workspace_id(), spend.day, spend.source, spend.campaign, spend.amount,
            spend.currency, tx.now_ms());
}

std::vector<Spend> list_spend(Tx& tx, std::string_view to_day, const Spend& after,
                              std::int64_t limit) {
    return tx.all(kListSpend, spend_from, tx.workspace_id(), to_day, after.day, after.source,
                  after.campaign, limit);
}

}  // namespace hw
