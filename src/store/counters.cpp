// SPDX-License-Identifier: Apache-2.0
#include "store/counters.hpp"

#include <algorithm>
#include <array>

#include "store/connection.hpp"

namespace hw {
namespace {

const Query kAddLinkTotals{"add_link_totals", R"sql(
insert into link_totals as t (workspace_id, link_id, slot, clicks, leads, conversions, sales,
    sale_amount, last_click_at_ms, last_lead_at_ms, last_conversion_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (workspace_id, link_id, slot) do update set
    clicks = t.clicks + excluded.clicks,
    leads = t.leads + excluded.leads,
    conversions = t.conversions + excluded.conversions,
    sales = t.sales + excluded.sales,
    sale_amount = t.sale_amount + excluded.sale_amount,
    last_click_at_ms = case when excluded.last_click_at_ms > t.last_click_at_ms
        then excluded.last_click_at_ms else t.last_click_at_ms end,
    last_lead_at_ms = case when excluded.last_lead_at_ms > t.last_lead_at_ms
        then excluded.last_lead_at_ms else t.last_lead_at_ms end,
    last_conversion_at_ms = case when excluded.last_conversion_at_ms > t.last_conversion_at_ms
        then excluded.last_conversion_at_ms else t.last_conversion_at_ms end
)sql"};

const Query kAddRollup{"add_rollup", R"sql(
insert into rollups_hour as t (workspace_id, dimension, value, hour_ms, slot, clicks, leads, sales,
    sale_amount)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (workspace_id, dimension, value, hour_ms, slot) do update set
    clicks = t.clicks + excluded.clicks,
    leads = t.leads + excluded.leads,
    sales = t.sales + excluded.sales,
    sale_amount = t.sale_amount + excluded.sale_amount
)sql"};

const Query kAddBalance{"add_balance", R"sql(
insert into ledger_balances as t (workspace_id, account, currency, slot, balance)
values ($1, $2, $3, $4, $5)
on conflict (workspace_id, account, currency, slot) do update set
    balance = t.balance + excluded.balance
)sql"};

}  // namespace

void LinkCounts::merge(const LinkCounts& other) {
    clicks += other.clicks;
    leads += other.leads;
    conversions += other.conversions;
    sales += other.sales;
    sale_amount += other.sale_amount;
    last_click_at_ms = std::max(last_click_at_ms, other.last_click_at_ms);
    last_lead_at_ms = std::max(last_lead_at_ms, other.last_lead_at_ms);
    last_conversion_at_ms = std::max(last_conversion_at_ms, other.last_conversion_at_ms);
}

void RollupCounts::merge(const RollupCounts& other) {
    clicks += other.clicks;
    leads += other.leads;
    sales += other.sales;
    sale_amount += other.sale_amount;
}

void Counters::merge(Counters&& other) {
    if (links_.empty()) links_.swap(other.links_);
    if (rollups_.empty()) rollups_.swap(other.rollups_);
    for (auto& [key, counts] : other.links_) links_[key].merge(counts);
    for (auto& [key, counts] : other.rollups_) rollups_[key].merge(counts);
    for (const auto& [key, amount] : other.balances_) balances_[key] += amount;
    other.clear();
}

void Counters::clear() {
    links_.clear();
    rollups_.clear();
    balances_.clear();
}

void Counters::flush(Connection& connection, std::int64_t slot) {
    for (const auto& [key, counts] : links_) {
        const std::array<Param, 11> params{key.workspace_id,
                                           key.link_id,
                                           slot,
                                           counts.clicks,
                                           counts.leads,
                                           counts.conversions,
                                           counts.sales,
                                           counts.sale_amount,
                                           counts.last_click_at_ms,
                                           counts.last_lead_at_ms,
                                           counts.last_conversion_at_ms};
        connection.exec(kAddLinkTotals, params);
    }
    for (const auto& [key, counts] : rollups_) {
        const std::array<Param, 9> params{key.workspace_id, key.dimension, key.value,
                                          key.hour_ms,      slot,          counts.clicks,
                                          counts.leads,     counts.sales,  counts.sale_amount};
        connection.exec(kAddRollup, params);
    }
    for (const auto& [key, amount] : balances_) {
        if (amount == 0) continue;
        const std::array<Param, 5> params{key.workspace_id, key.account, key.currency, slot,
                                          amount};
        connection.exec(kAddBalance, params);
    }
    clear();
}

}  // namespace hw
