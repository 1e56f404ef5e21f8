// SPDX-License-Identifier: Apache-2.0
#include "core/rollups.hpp"

#include "base/civil_time.hpp"

namespace hw {
namespace {

struct Place {
    std::string_view workspace_id;
    std::string_view link_id;
    std::int64_t hour_ms;
};

void add(Tx& tx, const Place& place, std::string_view dimension, std::string_view value,
         const RollupCounts& counts) {
    tx.counters().add(
        RollupKey{std::string(place.workspace_id), dimension, std::string(value), place.hour_ms},
        counts);
}

void add_everywhere(Tx& tx, const Place& place, const Touch* touch, const RollupCounts& counts) {
    add(tx, place, kDimensionAll, "", counts);
    add(tx, place, kDimensionLink, place.link_id, counts);
    if (touch == nullptr) return;
    add(tx, place, kDimensionCountry, touch->country, counts);
    add(tx, place, kDimensionDevice, touch->device, counts);
    add(tx, place, kDimensionBrowser, touch->browser, counts);
    add(tx, place, kDimensionOs, touch->os, counts);
    add(tx, place, kDimensionReferer, touch->referer, counts);
    add(tx, place, kDimensionTrigger, touch->trigger, counts);
}

}  // namespace

void count_click(Tx& tx, const Touch& touch) {
    tx.counters().add(LinkTotalsKey{touch.workspace_id, touch.link_id},
                      LinkCounts{.clicks = 1, .last_click_at_ms = touch.at_ms});
    add_everywhere(tx, {touch.workspace_id, touch.link_id, start_of_hour_ms(touch.at_ms)}, &touch,
                   RollupCounts{.clicks = 1});
}

void count_lead(Tx& tx, const Touch* touch, std::string_view link_id, std::int64_t at_ms,
                Sign sign) {
    const auto one = static_cast<std::int64_t>(sign);
    tx.counters().add(LinkTotalsKey{tx.workspace_id(), std::string(link_id)},
                      LinkCounts{.leads = one, .last_lead_at_ms = one > 0 ? at_ms : 0});
    add_everywhere(tx, {tx.workspace_id(), link_id, start_of_hour_ms(at_ms)}, touch,
                   RollupCounts{.leads = one});
}

void count_sale(Tx& tx, const Touch* touch, const CountedSale& sale) {
    const auto one = static_cast<std::int64_t>(sale.sign);
    LinkCounts counts{.sales = one, .sale_amount = one * sale.amount};
    if (sale.first_conversion) {
        counts.conversions = one;
        counts.last_conversion_at_ms = one > 0 ? sale.at_ms : 0;
    }
    tx.counters().add(LinkTotalsKey{tx.workspace_id(), std::string(sale.link_id)}, counts);
    add_everywhere(tx, {tx.workspace_id(), sale.link_id, start_of_hour_ms(sale.at_ms)}, touch,
                   RollupCounts{.sales = one, .sale_amount = one * sale.amount});
}

}  // namespace hw
