// SPDX-License-Identifier: Apache-2.0
#include "store/partner_clicks.hpp"

namespace hw {
namespace {

const Query kPartnerClicks{"partner_clicks", R"sql(
select t.link_id, t.country, count(*)
from touches t join links l on l.workspace_id = t.workspace_id and l.link_id = t.link_id
where t.workspace_id = $1 and t.touch_id > $2 and t.touch_id < $3
    and t.at_ms >= $4 and t.at_ms < $5 and t.counted = 1 and l.partner_id is not null
group by t.link_id, t.country order by t.link_id, t.country
)sql"};

}  // namespace

std::vector<PartnerClicks> partner_clicks(Tx& tx, const ClickSpan& span) {
    return tx.all(
        kPartnerClicks,
        [](const Row& row) { return PartnerClicks{row.text(0), row.text(1), row.int64(2)}; },
        tx.workspace_id(), span.after, span.before, span.from_ms, span.to_ms);
}

}  // namespace hw
