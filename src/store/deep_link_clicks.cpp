// SPDX-License-Identifier: Apache-2.0
#include "store/deep_link_clicks.hpp"

namespace hw {
namespace {

const Query kPutDeepLinkClick{"put_deep_link_click", R"sql(
insert into deep_link_clicks (workspace_id, domain, address, touch_id, link_id, at_ms)
values ($1, $2, $3, $4, $5, $6)
on conflict (workspace_id, domain, address) do update
    set touch_id = excluded.touch_id, link_id = excluded.link_id, at_ms = excluded.at_ms
)sql"};

const Query kForgetDeepLinkClicks{"forget_deep_link_clicks", R"sql(
delete from deep_link_clicks where workspace_id = $1 and domain = $2 and at_ms < $3
)sql"};

const Query kFindDeepLinkClick{"find_deep_link_click", R"sql(
select workspace_id, domain, address, touch_id, link_id, at_ms from deep_link_clicks
where workspace_id = $1 and domain = $2 and address = $3 and at_ms >= $4
)sql"};

DeepLinkClick click_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .domain = row.text(1),
            .address = row.int64(2),
            .touch_id = row.text(3),
            .link_id = row.text(4),
            .at_ms = row.int64(5)};
}

}  // namespace

void put_deep_link_click(Tx& tx, const DeepLinkClick& click, std::int64_t forget_before_ms) {
    tx.exec(kForgetDeepLinkClicks, click.workspace_id, click.domain, forget_before_ms);
    tx.exec(kPutDeepLinkClick, click.workspace_id, click.domain, click.address, click.touch_id,
            click.link_id, click.at_ms);
}

std::optional<DeepLinkClick> find_deep_link_click(Tx& tx, const DeepLinkClick& wanted,
                                                  std::int64_t from_ms) {
    return tx.first(kFindDeepLinkClick, click_from, wanted.workspace_id, wanted.domain,
                    wanted.address, from_ms);
}

}  // namespace hw
