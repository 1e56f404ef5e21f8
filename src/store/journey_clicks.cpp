// SPDX-License-Identifier: Apache-2.0
#include "store/journey_clicks.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "store/json_array.hpp"

namespace hw {
namespace {

// Each engine unpacks a JSON array with a function of its own.
constexpr std::string_view kSqliteList = "select value from json_each($2)";
constexpr std::string_view kPostgresList = "select json_array_elements_text(cast($2 as json))";

constexpr std::string_view kColumns =
    "t.touch_id, t.at_ms, t.link_id, t.trigger_kind, t.url, t.referer";

std::string of_customers_sql(std::string_view ids) {
    return fmt::format(R"sql(
select c.customer_id, {0}
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    join touches t on t.workspace_id = a.workspace_id and t.touch_id = a.touch_id
where c.workspace_id = $1 and c.customer_id in ({1}) and a.link_id is not null and t.bot = 0
    and a.seq = (
        select max(n.seq) from attributions n
        where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
union
select u.customer_id, {0}
from customers u join touches t on t.workspace_id = u.workspace_id and t.touch_id = u.touch_id
where u.workspace_id = $1 and u.customer_id in ({1}) and t.bot = 0
)sql",
                       kColumns, ids);
}

const Query kClicksOfCustomers{"list_clicks_of_customers", of_customers_sql(kSqliteList),
                               of_customers_sql(kPostgresList)};

std::string of_ids_sql(std::string_view ids) {
    return fmt::format(R"sql(
select {} from touches t where t.workspace_id = $1 and t.touch_id in ({}) and t.bot = 0
)sql",
                       kColumns, ids);
}

const Query kClicksOfIds{"list_clicks_of_ids", of_ids_sql(kSqliteList), of_ids_sql(kPostgresList)};

// The ids come from the index alone: SQLite would walk all conversions before it looked up rows
// by it.
const Query kLeadsBefore{"list_leads_before", fmt::format(R"sql(
select {} from conversions i
    join conversions c on c.workspace_id = i.workspace_id and c.conversion_id = i.conversion_id
where i.workspace_id = $1 and i.customer_id = $2 and i.kind = 'lead' and i.conversion_id <> $4
    and c.occurred_at_ms <= $3
order by i.conversion_id limit $5
)sql",
                                                          kListedConversionColumns)};

Touch click_from(const Tx& tx, const Row& row, int first) {
    Touch touch;
    touch.workspace_id = tx.workspace_id();
    touch.touch_id = row.text(first);
    touch.at_ms = row.int64(first + 1);
    touch.link_id = row.text(first + 2);
    touch.trigger = row.text(first + 3);
    touch.url = row.text(first + 4);
    touch.referer = row.text(first + 5);
    return touch;
}

}  // namespace

std::vector<CustomerClick> clicks_of_customers(Tx& tx, std::span<const std::string> customer_ids) {
    return tx.all(
        kClicksOfCustomers,
        [&](const Row& row) { return CustomerClick{row.text(0), click_from(tx, row, 1)}; },
        tx.workspace_id(), json_array_text(customer_ids));
}

std::vector<Touch> clicks_of_ids(Tx& tx, std::span<const std::string> touch_ids) {
    return tx.all(
        kClicksOfIds, [&](const Row& row) { return click_from(tx, row, 0); }, tx.workspace_id(),
        json_array_text(touch_ids));
}

std::vector<Conversion> leads_before(Tx& tx, std::string_view customer_id,
                                     const Conversion& conversion) {
    const std::int64_t limit = limits::kJourneyTouchesMax;
    return tx.all(
        kLeadsBefore, [&](const Row& row) { return listed_conversion_from(tx, row); },
        tx.workspace_id(), customer_id, conversion.occurred_at_ms, conversion.conversion_id, limit);
}

}  // namespace hw
