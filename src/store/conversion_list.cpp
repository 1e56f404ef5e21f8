// SPDX-License-Identifier: Apache-2.0
#include "store/conversion_list.hpp"

namespace hw {
namespace {

const Query kListConversions{"list_conversions", R"sql(
select c.conversion_id, c.kind, c.event_name, c.external_customer_id, c.occurred_at_ms, c.amount,
    c.currency, c.converted_amount, c.converted_currency, c.payment_processor, c.invoice_id,
    c.metadata, c.source, coalesce(a.customer_id, c.customer_id), a.rung, a.confidence, a.touch_id,
    a.link_id, a.partner_id, a.decided_by, a.decided_at_ms, a.reason, l.domain, l.key
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    left join links l on l.workspace_id = a.workspace_id and l.link_id = a.link_id
where c.workspace_id = $1 and c.kind = $2 and c.conversion_id > $3 and c.conversion_id < $4
    and a.seq = (
        select max(n.seq) from attributions n
        where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
order by c.conversion_id limit $5
)sql"};

ListedConversion listed_from(const Row& row) {
    ListedConversion found;
    auto& c = found.conversion;
    c.conversion_id = row.text(0);
    c.kind = row.text(1);
    c.event_name = row.text(2);
    c.external_customer_id = row.text(3);
    c.occurred_at_ms = row.int64(4);
    c.amount = row.int64(5);
    c.currency = row.text(6);
    c.converted_amount = row.optional_int64(7);
    c.converted_currency = row.optional_text(8);
    c.payment_processor = row.text(9);
    c.invoice_id = row.optional_text(10);
    c.metadata = row.optional_text(11);
    c.source = row.text(12);
    auto& a = found.decision;
    a.conversion_id = c.conversion_id;
    a.customer_id = row.optional_text(13);
    a.rung = row.text(14);
    a.confidence = row.text(15);
    a.touch_id = row.optional_text(16);
    a.link_id = row.optional_text(17);
    a.partner_id = row.optional_text(18);
    a.decided_by = row.text(19);
    a.decided_at_ms = row.int64(20);
    a.reason = row.text(21);
    found.domain = row.optional_text(22);
    found.key = row.optional_text(23);
    return found;
}

}  // namespace

std::vector<ListedConversion> list_decided_conversions(Tx& tx, std::string_view kind,
                                                       const IdRange& range) {
    return tx.all(kListConversions, listed_from, tx.workspace_id(), kind, range.after, range.before,
                  range.limit);
}

}  // namespace hw
