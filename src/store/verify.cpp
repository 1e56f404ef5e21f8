// SPDX-License-Identifier: Apache-2.0
#include "store/verify.hpp"

#include <array>

namespace hw {
namespace {

constexpr std::int64_t kRowsAtOnce = 20'000;

const Query kCountedTouches{"verify_counted_touches", R"sql(
select touch_id, at_ms, link_id, country, device, browser, os, referer, trigger_kind, bot
from touches
where workspace_id = $1 and touch_id > $2 and counted = 1
order by touch_id limit $3
)sql"};

// The current decision is the one with the highest seq.
const Query kDecidedConversions{"verify_decided_conversions", R"sql(
select c.conversion_id, c.kind, c.occurred_at_ms, coalesce(c.converted_amount, 0), a.link_id,
    l.conversion_id, t.touch_id, t.at_ms, t.country, t.device, t.browser, t.os, t.referer,
    t.trigger_kind
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    left join touches t on t.workspace_id = a.workspace_id and t.touch_id = a.touch_id
    left join customer_links l on l.workspace_id = a.workspace_id
        and l.customer_id = a.customer_id and l.link_id = a.link_id
where c.workspace_id = $1 and c.conversion_id > $2 and a.link_id is not null and a.seq = (
    select max(n.seq) from attributions n
    where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
order by c.conversion_id limit $3
)sql"};

const Query kAllLinkTotals{"verify_link_totals", R"sql(
select link_id, cast(sum(clicks) as bigint), cast(sum(leads) as bigint),
    cast(sum(conversions) as bigint), cast(sum(sales) as bigint), cast(sum(sale_amount) as bigint),
    max(last_click_at_ms), max(last_lead_at_ms), max(last_conversion_at_ms)
from link_totals where workspace_id = $1 and link_id > $2
group by link_id order by link_id limit $3
)sql"};

const Query kLinksLeft{"verify_links_left", R"sql(
select distinct p.link_id
from attributions a join attributions p on p.workspace_id = a.workspace_id
    and p.conversion_id = a.conversion_id and p.seq = a.seq - 1
where a.workspace_id = $1 and a.seq > 1 and p.link_id is not null
    and p.link_id is distinct from a.link_id
order by p.link_id
)sql"};

const Query kAllRollups{"verify_rollups", R"sql(
select dimension, value, hour_ms, cast(sum(clicks) as bigint), cast(sum(leads) as bigint),
    cast(sum(sales) as bigint), cast(sum(sale_amount) as bigint)
from rollups_hour
where workspace_id = $1 and (dimension, value, hour_ms) > ($2, $3, cast($4 as bigint))
group by dimension, value, hour_ms order by dimension, value, hour_ms limit $5
)sql"};

const Query kAllDayRollups{"verify_day_rollups", R"sql(
select dimension, value, day_ms, clicks, leads, sales, sale_amount
from rollups_day
where workspace_id = $1 and (dimension, value, day_ms) > ($2, $3, cast($4 as bigint))
order by dimension, value, day_ms limit $5
)sql"};

// Each rule gives the key, what is expected and what was found of every row that breaks it.
const Query kDecisionGaps{"verify_decision_gaps", R"sql(
select c.conversion_id, 'decisions 1 to n', cast(count(a.seq) as text) || ' decisions, '
    || coalesce(cast(min(a.seq) as text), 'none') || ' to '
    || coalesce(cast(max(a.seq) as text), 'none')
from conversions c left join attributions a
    on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
where c.workspace_id = $1
group by c.conversion_id
having count(a.seq) = 0 or min(a.seq) <> 1 or max(a.seq) <> count(a.seq)
)sql"};

const Query kDecisionsOfNothing{"verify_decisions_of_nothing", R"sql(
select a.conversion_id || ' ' || cast(a.seq as text), 'a conversion', 'none'
from attributions a left join conversions c
    on c.workspace_id = a.workspace_id and c.conversion_id = a.conversion_id
where a.workspace_id = $1 and c.conversion_id is null
)sql"};

const Query kBadPaymentAliases{"verify_bad_payment_aliases", R"sql(
select p.alias, 'a sale of that name', p.conversion_id || ': ' || coalesce(c.kind, 'nothing')
    || ' ' || coalesce(c.invoice_id, 'without invoice id')
from payment_aliases p left join conversions c
    on c.workspace_id = p.workspace_id and c.conversion_id = p.conversion_id
where p.workspace_id = $1 and (c.conversion_id is null or c.kind <> 'purchase'
    or (substr(p.alias, 1, 8) = 'invoice:' and p.alias <> 'invoice:' || coalesce(c.invoice_id, '')
        and not exists (select 1 from revenues r  -- which goes by several names
            where r.workspace_id = p.workspace_id and r.conversion_id = p.conversion_id)))
)sql"};

const Query kMissingPaymentAliases{"verify_missing_payment_aliases", R"sql(
select c.conversion_id, 'invoice:' || c.invoice_id || ' names it',
    coalesce('names ' || p.conversion_id, 'nothing')
from conversions c left join payment_aliases p
    on p.workspace_id = c.workspace_id and p.alias = 'invoice:' || c.invoice_id
where c.workspace_id = $1 and c.kind = 'purchase' and c.invoice_id is not null
    and p.conversion_id is distinct from c.conversion_id
    and not exists (select 1 from attributions a  -- whose payment is another's
        where a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
            and a.rung = 'void')
)sql"};

const Query kInferredTotalsDiffer{"verify_inferred_totals", R"sql(
with decided as (
    select a.inferred_link_id as link_id, count(*) as sales,
        cast(sum(coalesce(c.converted_amount, 0)) as bigint) as amount
    from conversions c join attributions a
        on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    where c.workspace_id = $1 and a.inferred_link_id is not null and a.seq = (
        select max(n.seq) from attributions n
        where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
    group by a.inferred_link_id),
booked as (
    select link_id, sales, sale_amount as amount from inferred_totals
    where workspace_id = $1 and (sales <> 0 or sale_amount <> 0))
select coalesce(d.link_id, b.link_id),
    coalesce(cast(d.sales as text) || ' sales of ' || cast(d.amount as text), 'none'),
    coalesce(cast(b.sales as text) || ' sales of ' || cast(b.amount as text), 'none')
from decided d full join booked b on b.link_id = d.link_id
where d.sales is distinct from b.sales or d.amount is distinct from b.amount
)sql"};

// The key of an event as core/track_lead.cpp makes it.
const Query kBadLeadKeys{"verify_bad_lead_keys", R"sql(
select k.customer_id || ' ' || k.event_key, 'a lead of that customer and event',
    k.conversion_id || ': ' || coalesce(c.kind || ' ' || c.event_name, 'nothing')
from lead_keys k left join conversions c
    on c.workspace_id = k.workspace_id and c.conversion_id = k.conversion_id
where k.workspace_id = $1 and (c.conversion_id is null or c.kind <> 'lead'
    or c.customer_id is distinct from k.customer_id
    or replace(lower(c.event_name), ' ', '-') <> k.event_key)
)sql"};

const Query kMissingLeadKeys{"verify_missing_lead_keys", R"sql(
select c.conversion_id, 'a key for its customer and event', 'none'
from conversions c left join lead_keys k on k.workspace_id = c.workspace_id
    and k.customer_id = c.customer_id
    and k.event_key = replace(lower(c.event_name), ' ', '-')
where c.workspace_id = $1 and c.kind = 'lead' and k.conversion_id is null
)sql"};

const Query kCustomerLinksOfNothing{"verify_customer_links_of_nothing", R"sql(
select l.customer_id || ' ' || l.link_id, 'a sale of that customer on that link',
    l.conversion_id || ': ' || coalesce(a.customer_id, 'nobody') || ' ' || coalesce(a.link_id, '-')
from customer_links l
    left join attributions a on a.workspace_id = l.workspace_id
        and a.conversion_id = l.conversion_id and a.seq = (
            select max(n.seq) from attributions n
            where n.workspace_id = l.workspace_id and n.conversion_id = l.conversion_id)
    left join conversions c on c.workspace_id = l.workspace_id
        and c.conversion_id = l.conversion_id and c.kind = 'purchase'
where l.workspace_id = $1 and (c.conversion_id is null
    or a.customer_id is distinct from l.customer_id or a.link_id is distinct from l.link_id)
)sql"};

const Query kMissingCustomerLinks{"verify_missing_customer_links", R"sql(
select c.conversion_id, 'a first sale of ' || coalesce(a.customer_id, 'nobody') || ' on '
    || a.link_id, 'none'
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    left join customer_links l on l.workspace_id = a.workspace_id
        and l.customer_id = a.customer_id and l.link_id = a.link_id
where c.workspace_id = $1 and c.kind = 'purchase' and a.link_id is not null
    and l.conversion_id is null and a.seq = (
        select max(n.seq) from attributions n
        where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
)sql"};

const Query kCustomerTotalsDiffer{"verify_customer_totals", R"sql(
with sold as (
    select a.customer_id, count(*) as sales,
        cast(sum(coalesce(c.converted_amount, 0)) as bigint) as amount,
        min(c.occurred_at_ms) as first_at_ms
    from conversions c join attributions a
        on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    where c.workspace_id = $1 and c.kind = 'purchase' and a.link_id is not null and a.seq = (
        select max(n.seq) from attributions n
        where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
    group by a.customer_id),
booked as (
    select customer_id, sales, sale_amount as amount, first_sale_at_ms as first_at_ms
    from customer_totals where workspace_id = $1)
select coalesce(s.customer_id, b.customer_id, 'nobody'),
    coalesce(cast(s.sales as text) || ' sales of ' || cast(s.amount as text) || ', the first at '
        || cast(s.first_at_ms as text), 'none'),
    coalesce(cast(b.sales as text) || ' sales of ' || cast(b.amount as text) || ', the first at '
        || cast(b.first_at_ms as text), 'none')
from sold s full join booked b on b.customer_id = s.customer_id
where s.sales is distinct from b.sales or s.amount is distinct from b.amount
    or s.first_at_ms is distinct from b.first_at_ms
)sql"};

// Hands out the rows in pieces of kRowsAtOnce; `piece` gives how many there were.
template <class Piece>
void in_pieces(Piece piece) {
    while (piece() == kRowsAtOnce) continue;
}

Touch dimensions_from(const Row& row, int first_column) {
    Touch touch;
    touch.country = row.text(first_column);
    touch.device = row.text(first_column + 1);
    touch.browser = row.text(first_column + 2);
    touch.os = row.text(first_column + 3);
    touch.referer = row.text(first_column + 4);
    touch.trigger = row.text(first_column + 5);
    return touch;
}

DecidedConversion decided_from(const Row& row) {
    DecidedConversion decided;
    decided.conversion_id = row.text(0);
    decided.kind = row.text(1);
    decided.occurred_at_ms = row.int64(2);
    decided.amount = row.int64(3);
    decided.link_id = row.text(4);
    decided.first_sale = row.view(5) == decided.conversion_id;
    if (row.is_null(6)) return decided;
    decided.touch = dimensions_from(row, 8);
    decided.touch->touch_id = row.text(6);
    decided.touch->at_ms = row.int64(7);
    return decided;
}

}  // namespace

void each_counted_touch(Tx& tx, std::string_view workspace_id,
                        FunctionRef<void(const Touch&)> on_touch) {
    std::string after;
    in_pieces([&] {
        std::int64_t rows = 0;
        tx.each(
            kCountedTouches,
            [&](const Row& row) {
                auto touch = dimensions_from(row, 3);
                touch.workspace_id = workspace_id;
                touch.touch_id = row.text(0);
                touch.at_ms = row.int64(1);
                touch.link_id = row.text(2);
                touch.bot = row.boolean(9);
                on_touch(touch);
                after = std::move(touch.touch_id);
                ++rows;
            },
            workspace_id, std::string(after), kRowsAtOnce);
        return rows;
    });
}

void each_decided_conversion(Tx& tx, std::string_view workspace_id,
                             FunctionRef<void(const DecidedConversion&)> on_conversion) {
    std::string after;
    in_pieces([&] {
        std::int64_t rows = 0;
        tx.each(
            kDecidedConversions,
            [&](const Row& row) {
                const auto decided = decided_from(row);
                on_conversion(decided);
                after = decided.conversion_id;
                ++rows;
            },
            workspace_id, std::string(after), kRowsAtOnce);
        return rows;
    });
}

void each_link_total(Tx& tx, std::string_view workspace_id,
                     FunctionRef<void(std::string_view, const LinkCounts&)> on_total) {
    std::string after;
    in_pieces([&] {
        std::int64_t rows = 0;
        tx.each(
            kAllLinkTotals,
            [&](const Row& row) {
                on_total(row.view(0), {row.int64(1), row.int64(2), row.int64(3), row.int64(4),
                                       row.int64(5), row.int64(6), row.int64(7), row.int64(8)});
                after = row.text(0);
                ++rows;
            },
            workspace_id, std::string(after), kRowsAtOnce);
        return rows;
    });
}

std::vector<std::string> links_left(Tx& tx, std::string_view workspace_id) {
    return tx.all(kLinksLeft, [](const Row& row) { return row.text(0); }, workspace_id);
}

namespace {

void each_rollup_of(Tx& tx, const Query& query, std::string_view workspace_id,
                    FunctionRef<void(const RollupKey&, const RollupCounts&)> on_rollup) {
    std::string dimension;
    std::string value;
    std::int64_t at_ms = 0;
    in_pieces([&] {
        std::int64_t rows = 0;
        tx.each(
            query,
            [&](const Row& row) {
                dimension = row.text(0);
                value = row.text(1);
                at_ms = row.int64(2);
                on_rollup({std::string(workspace_id), dimension, value, at_ms},
                          {row.int64(3), row.int64(4), row.int64(5), row.int64(6)});
                ++rows;
            },
            workspace_id, std::string(dimension), std::string(value), std::int64_t{at_ms},
            kRowsAtOnce);
        return rows;
    });
}

}  // namespace

void each_rollup(Tx& tx, std::string_view workspace_id,
                 FunctionRef<void(const RollupKey&, const RollupCounts&)> on_rollup) {
    each_rollup_of(tx, kAllRollups, workspace_id, on_rollup);
}

void each_day_rollup(Tx& tx, std::string_view workspace_id,
                     FunctionRef<void(const RollupKey&, const RollupCounts&)> on_rollup) {
    each_rollup_of(tx, kAllDayRollups, workspace_id, on_rollup);
}

void each_difference(Tx& tx, std::string_view workspace_id,
                     FunctionRef<void(Difference)> on_difference) {
    struct Rule {
        std::string_view table;
        const Query& query;
    };
    const std::array<Rule, 10> rules{{
        {"attributions", kDecisionGaps},
        {"attributions", kDecisionsOfNothing},
        {"payment_aliases", kBadPaymentAliases},
        {"payment_aliases", kMissingPaymentAliases},
        {"lead_keys", kBadLeadKeys},
        {"lead_keys", kMissingLeadKeys},
        {"customer_links", kCustomerLinksOfNothing},
        {"customer_links", kMissingCustomerLinks},
        {"customer_totals", kCustomerTotalsDiffer},
        {"inferred_totals", kInferredTotalsDiffer},
    }};
    for (const auto& rule : rules) {
        tx.each(
            rule.query,
            [&](const Row& row) {
                on_difference({.table = std::string(rule.table),
                               .key = row.text(0),
                               .expected = row.text(1),
                               .found = row.text(2)});
            },
            workspace_id);
    }
}

}  // namespace hw
