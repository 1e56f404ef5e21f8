// SPDX-License-Identifier: Apache-2.0
#include "store/conversion_list.hpp"

#include <fmt/format.h>

namespace hw {
namespace {

const Query kListConversions{"list_conversions", fmt::format(R"sql(
select {}, coalesce(a.customer_id, c.customer_id), a.rung, a.confidence, a.touch_id, a.link_id,
    a.partner_id, a.decided_by, a.decided_at_ms, a.reason, l.domain, l.key
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    left join links l on l.workspace_id = a.workspace_id and l.link_id = a.link_id
where c.workspace_id = $1 and c.kind = $2 and c.conversion_id > $3 and c.conversion_id < $4
    and a.seq = (
        select max(n.seq) from attributions n
        where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
order by c.conversion_id limit $5
)sql",
                                                             kListedConversionColumns)};

ListedConversion listed_from(const Tx& tx, const Row& row) {
    constexpr int kFirst = kListedConversionColumnCount;
    ListedConversion found;
    found.conversion = listed_conversion_from(tx, row);
    auto& a = found.decision;
    a.conversion_id = found.conversion.conversion_id;
    a.customer_id = row.optional_text(kFirst);
    a.rung = row.text(kFirst + 1);
    a.confidence = row.text(kFirst + 2);
    a.touch_id = row.optional_text(kFirst + 3);
    a.link_id = row.optional_text(kFirst + 4);
    a.partner_id = row.optional_text(kFirst + 5);
    a.decided_by = row.text(kFirst + 6);
    a.decided_at_ms = row.int64(kFirst + 7);
    a.reason = row.text(kFirst + 8);
    found.domain = row.optional_text(kFirst + 9);
    found.key = row.optional_text(kFirst + 10);
    return found;
}

}  // namespace

std::vector<ListedConversion> list_conversions(Tx& tx, std::string_view kind,
                                               const IdRange& range) {
    return tx.all(
        kListConversions, [&](const Row& row) { return listed_from(tx, row); }, tx.workspace_id(),
        kind, range.after, range.before, range.limit);
}

}  // namespace hw
