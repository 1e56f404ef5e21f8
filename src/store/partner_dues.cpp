// SPDX-License-Identifier: Apache-2.0
#include "store/partner_dues.hpp"

namespace hw {
namespace {

const Query kUnpaidCommissions{"unpaid_commissions", R"sql(
select c.commission_id
from commissions c join commission_states s
    on s.workspace_id = c.workspace_id and s.commission_id = c.commission_id
where c.workspace_id = $1 and c.partner_id = $2 and s.earnings > 0
    and s.status in ('pending', 'hold', 'processed')
order by c.commission_id
)sql"};

const Query kWaitingPayouts{"waiting_payouts", R"sql(
select p.payout_id
from payouts p join payout_steps s
    on s.workspace_id = p.workspace_id and s.payout_id = p.payout_id
where p.workspace_id = $1 and p.partner_id = $2 and s.status = 'pending'
    and s.seq = (select max(n.seq) from payout_steps n
        where n.workspace_id = p.workspace_id and n.payout_id = p.payout_id)
order by p.payout_id
)sql"};

const Query kEachEarning{"each_earning", R"sql(
select c.occurred_at_ms, c.link_id, s.earnings
from commissions c join commission_states s
    on s.workspace_id = c.workspace_id and s.commission_id = c.commission_id
where c.workspace_id = $1 and c.partner_id = $2 and c.occurred_at_ms >= $3
    and c.occurred_at_ms < $4 and s.status in ('pending', 'processed', 'paid')
)sql"};

const Query kByStatus{"commissions_by_status", R"sql(
select s.status, count(*), cast(coalesce(sum(s.earnings), 0) as bigint)
from commissions c join commission_states s
    on s.workspace_id = c.workspace_id and s.commission_id = c.commission_id
where c.workspace_id = $1 and c.partner_id = $2
group by s.status order by s.status
)sql"};

std::string first_text(const Row& row) {
    return row.text(0);
}

}  // namespace

std::vector<std::string> unpaid_commissions(Tx& tx, std::string_view workspace_id,
                                            std::string_view partner_id) {
    return tx.all(kUnpaidCommissions, first_text, workspace_id, partner_id);
}

std::vector<std::string> waiting_payouts(Tx& tx, std::string_view workspace_id,
                                         std::string_view partner_id) {
    return tx.all(kWaitingPayouts, first_text, workspace_id, partner_id);
}

void each_earning(Tx& tx, std::string_view partner_id, std::int64_t from_ms, std::int64_t to_ms,
                  FunctionRef<void(const PartnerEarning&)> on_earning) {
    tx.each(
        kEachEarning,
        [&](const Row& row) { on_earning({row.int64(0), row.optional_text(1), row.int64(2)}); },
        tx.workspace_id(), partner_id, from_ms, to_ms);
}

std::vector<StatusSum> commissions_by_status(Tx& tx, std::string_view workspace_id,
                                             std::string_view partner_id) {
    return tx.all(
        kByStatus,
        [](const Row& row) { return StatusSum{row.text(0), row.int64(1), row.int64(2)}; },
        workspace_id, partner_id);
}

}  // namespace hw
