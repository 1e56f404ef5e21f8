// SPDX-License-Identifier: Apache-2.0
#include "core/attribution_report.hpp"

#include "api/attribution_report.hpp"
#include "api/exact_json.hpp"
#include "api/model_query.hpp"
#include "api/query.hpp"
#include "base/civil_time.hpp"

namespace hw::api {
namespace {

constexpr std::int64_t kDefaultDays = 30;

json::object sums_json(const AttributionSums& sums) {
    json::object object{{"conversions", conversions_json(sums.conversion_micros)},
                        {"revenue", sums.revenue},
                        {"spend", int_or_null(sums.spend)},
                        {"roi", nullptr}};
    if (sums.spend) object["roi"] = ratio_or_null(sums.revenue - *sums.spend, *sums.spend);
    return object;
}

json::object report_json(const AskAttributionReport& asked, const AttributionReport& report) {
    json::array rows;
    for (const auto& row : report.rows) {
        json::object object{{"key", key_or_null(row.key)}};
        for (const auto& member : sums_json(row.sums)) object.insert(member);
        rows.push_back(std::move(object));
    }
    const auto& settings = asked.settings;
    return {{"model", name_of(settings.model)},
            {"by", name_of(settings.by)},
            {"from", asked.from_day},
            {"to", asked.to_day},
            {"halfLifeDays", settings.half_life_ms / kDayMs},
            {"currency", report.currency},
            {"rows", std::move(rows)},
            {"rowsTotal", report.rows_total},
            {"page", asked.page},
            {"pageSize", asked.page_size},
            {"totals", sums_json(report.totals)},
            {"unattributed",
             {{"conversions", conversions_json(report.unattributed.conversion_micros)},
              {"revenue", report.unattributed.revenue}}},
            {"journeys",
             {{"converting", report.journeys_converting}, {"other", report.journeys_other}}},
            {"fxMissing", report.fx_missing},
            {"spendFxMissing", report.spend_fx_missing}};
}

}  // namespace

Result<Work> attribution_report(const Call& call) {
    const auto query = call.request.query;
    AskAttributionReport asked;
    asked.settings = HW_TRY(read_model_settings(query));
    const auto today_ms = call.env.now_ms();
    asked.to_day = HW_TRY(query_text(query, "to")).value_or(date_text(today_ms));
    asked.from_day = HW_TRY(query_text(query, "from"))
                         .value_or(date_text(today_ms - (kDefaultDays - 1) * kDayMs));
    asked.page = HW_TRY(query_page(query)).value_or(1);
    asked.page_size = HW_TRY(query_page_size(query));
    return Work{Work::Mode::Scan, [asked = std::move(asked)](Tx& tx) -> Result<Answer> {
                    const auto report = HW_TRY(hw::attribution_report(tx, asked));
                    return json_answer(serialize_exact(report_json(asked, report)));
                }};
}

}  // namespace hw::api
