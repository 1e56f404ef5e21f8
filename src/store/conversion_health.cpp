// SPDX-License-Identifier: Apache-2.0
#include "store/conversion_health.hpp"

#include "base/id.hpp"

namespace hw {
namespace {

const Query kCountSaleOutcomes{"count_sale_outcomes", R"sql(
select a.rung, a.confidence, a.reason, count(*)
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
where c.workspace_id = $1 and c.conversion_id >= $2 and c.conversion_id < $3 and a.seq = (
    select max(n.seq) from attributions n
    where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
group by a.rung, a.confidence, a.reason order by a.rung, a.confidence, a.reason
)sql"};

const Query kListRecentConversions{"list_recent_conversions", R"sql(
select c.conversion_id, c.occurred_at_ms, c.told_click_id, coalesce(r.source, c.source),
    a.touch_id, a.link_id, coalesce(r.is_test, 0)
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    left join revenues r on r.workspace_id = c.workspace_id and r.conversion_id = c.conversion_id
where c.workspace_id = $1 and c.conversion_id >= $2 and c.conversion_id < $3 and a.seq = (
    select max(n.seq) from attributions n
    where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
order by c.conversion_id desc limit $4
)sql"};

const Query kCountRecentTouches{"count_recent_touches", R"sql(
select coalesce(sum(1 - bot), 0), coalesce(sum(bot), 0), coalesce(max(at_ms), 0)
from (
    select link_id, bot, at_ms from touches where workspace_id = $1 and touch_id < $2
    order by touch_id desc limit $3
) t
where link_id = $4
)sql"};

// Ids begin with what they are of and go on with their time; "`" comes after "_".
std::vector<RecentConversion> list_recent(Tx& tx, std::string_view from, std::string_view until,
                                          std::int64_t limit) {
    return tx.all(
        kListRecentConversions,
        [](const Row& row) {
            return RecentConversion{.conversion_id = row.text(0),
                                    .occurred_at_ms = row.int64(1),
                                    .told_click_id = row.text(2),
                                    .source = row.text(3),
                                    .touch_id = row.optional_text(4),
                                    .link_id = row.optional_text(5),
                                    .test = row.boolean(6)};
        },
        tx.workspace_id(), from, until, limit);
}

}  // namespace

std::vector<OutcomeCount> count_sale_outcomes(Tx& tx, std::int64_t from_ms) {
    return tx.all(
        kCountSaleOutcomes,
        [](const Row& row) {
            return OutcomeCount{row.text(0), row.text(1), row.text(2), row.int64(3)};
        },
        tx.workspace_id(), first_id("sale_", from_ms), "sale`");
}

std::vector<RecentConversion> list_recent_sales(Tx& tx, std::int64_t limit) {
    return list_recent(tx, "sale_", "sale`", limit);
}

std::vector<RecentConversion> list_recent_leads(Tx& tx, std::int64_t limit) {
    return list_recent(tx, "ld_", "ld`", limit);
}

LinkTouches count_recent_touches(Tx& tx, std::string_view link_id, std::int64_t limit) {
    return *tx.first(
        kCountRecentTouches,
        [](const Row& row) { return LinkTouches{row.int64(0), row.int64(1), row.int64(2)}; },
        tx.workspace_id(), first_click_id(tx.now_ms() + 1), limit, link_id);
}

}  // namespace hw
