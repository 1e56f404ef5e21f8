// SPDX-License-Identifier: Apache-2.0
#include "store/fx_rates.hpp"

namespace hw {
namespace {

const Query kInsertFxRate{"insert_fx_rate", R"sql(
insert into fx_rates (rate_date, base, quote, rate, source) values ($1, $2, $3, $4, $5)
on conflict do nothing
)sql"};

const Query kFindFxRate{"find_fx_rate", R"sql(
select rate_date, base, quote, rate, source from fx_rates
where base = $1 and quote = $2 and rate_date <= $3 order by rate_date desc limit 1
)sql"};

const Query kFindFxBase{"find_fx_base", R"sql(
select base from fx_rates where quote = $1 and rate_date <= $2
order by rate_date desc, base limit 1
)sql"};

const Query kListFxPairs{"list_fx_pairs", R"sql(
select r.rate_date, r.base, r.quote, r.rate, r.source, p.days
from (select base, quote, max(rate_date) as newest, count(*) as days from fx_rates
    group by base, quote) p
join fx_rates r on r.base = p.base and r.quote = p.quote and r.rate_date = p.newest
order by r.base, r.quote
)sql"};

StoredRate rate_from(const Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

}  // namespace

void insert_fx_rate(Tx& tx, const StoredRate& rate) {
    tx.exec(kInsertFxRate, rate.date, rate.base, rate.quote, rate.rate, rate.source);
}

std::optional<StoredRate> find_fx_rate(Tx& tx, std::string_view base, std::string_view quote,
                                       std::string_view date) {
    return tx.first(kFindFxRate, rate_from, base, quote, date);
}

std::optional<std::string> find_fx_base(Tx& tx, std::string_view quote, std::string_view date) {
    return tx.first(kFindFxBase, [](const Row& row) { return row.text(0); }, quote, date);
}

std::vector<FxPair> list_fx_pairs(Tx& tx) {
    return tx.all(kListFxPairs,
                  [](const Row& row) { return FxPair{rate_from(row), row.int64(5)}; });
}

}  // namespace hw
