// SPDX-License-Identifier: Apache-2.0
#include "core/get_mrr.hpp"

#include "api/get_mrr.hpp"
#include "api/json.hpp"
#include "api/query.hpp"

namespace hw::api {
namespace {

json::object month_json(const MrrMonth& month) {
    json::object shown{{"month", month.month}, {"currency", month.currency}};
    json::object counts;
    for (std::size_t kind = 0; kind < kMrrKindNames.size(); ++kind) {
        shown[kMrrKindNames.at(kind)] = month.amounts.at(kind);
        counts[kMrrKindNames.at(kind)] = month.counts.at(kind);
    }
    shown["net"] = month.net();
    shown["movements"] = std::move(counts);
    return shown;
}

json::object mrr_json(const Mrr& mrr) {
    json::array current;
    for (const auto& [currency, amount] : mrr.current) {
        current.push_back(json::object{{"currency", currency}, {"amount", amount}});
    }
    json::array months;
    for (const auto& month : mrr.months) months.push_back(month_json(month));
    json::array sources;
    for (const auto& [key, amount] : mrr.by_source) {
        sources.push_back(
            json::object{{"source", key.first}, {"currency", key.second}, {"amount", amount}});
    }
    return {{"current", std::move(current)},
            {"currentConverted", int_or_null(mrr.current_converted)},
            {"reportingCurrency", mrr.reporting_currency},
            {"customers", mrr.customers},
            {"months", std::move(months)},
            {"bySource", std::move(sources)}};
}

}  // namespace

Result<Work> get_mrr(const Call& call) {
    const auto mode = HW_TRY(query_option(call.request.query, "mode", {"live", "test"}, "live"));
    return Work{Work::Mode::Scan, [is_test = mode == "test"](Tx& tx) -> Result<Answer> {
                    return json_answer(json::serialize(mrr_json(hw::get_mrr(tx, {is_test}))));
                }};
}

}  // namespace hw::api
