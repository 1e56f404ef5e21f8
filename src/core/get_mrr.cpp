// SPDX-License-Identifier: Apache-2.0
#include "core/get_mrr.hpp"

#include <numeric>

#include "base/fault.hpp"
#include "core/convert_currency.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

std::vector<MrrMonth> months_of(const MrrSums& sums) {
    std::vector<MrrMonth> months;
    for (const auto& [key, sum] : sums.months) {
        const auto& [name, currency, kind] = key;
        const bool same =
            !months.empty() && months.back().month == name && months.back().currency == currency;
        if (!same) months.push_back({.month = name, .currency = currency});
        months.back().amounts.at(static_cast<std::size_t>(kind)) = sum.amount;
        months.back().counts.at(static_cast<std::size_t>(kind)) = sum.movements;
    }
    return months;
}

void convert_current(Tx& tx, Mrr& mrr) {
    const auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    mrr.reporting_currency = workspace->currency;
    std::int64_t sum = 0;
    for (const auto& [currency, amount] : mrr.current) {
        const auto converted =
            convert_currency(tx, amount, currency, workspace->currency, tx.now_ms());
        if (!converted.amount) return;
        sum += *converted.amount;
    }
    mrr.current_converted = sum;
}

}  // namespace

std::int64_t MrrMonth::net() const {
    return std::accumulate(amounts.begin(), amounts.end(), std::int64_t{0});
}

Mrr get_mrr(Tx& tx, const MrrQuery& query) {
    const auto kept = find_mrr_sums(tx, query.test);
    const auto sums = kept ? *kept : sum_mrr(tx, query.test);
    Mrr mrr;
    mrr.customers = sums.customers;
    mrr.by_source = sums.sources;
    for (const auto& [key, amount] : sums.sources) mrr.current[key.second] += amount;
    std::erase_if(mrr.current, [](const auto& entry) { return entry.second == 0; });
    mrr.months = months_of(sums);
    convert_current(tx, mrr);
    return mrr;
}

}  // namespace hw
