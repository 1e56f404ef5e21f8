// SPDX-License-Identifier: Apache-2.0
// GET /attribution/report: what each source, campaign, link or partner earned by a model, beside
// what was spent on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/attribution_models.hpp"
#include "store/tx.hpp"

namespace hw {

struct AskAttributionReport {
    ModelSettings settings{};
    std::string from_day{};  // "2026-01-02", UTC; both days are part of it
    std::string to_day{};
    std::int64_t page = 1;
    std::int64_t page_size = 100;
};

struct AttributionSums {
    std::int64_t conversion_micros = 0;  // millionths
    std::int64_t revenue = 0;            // minor units of the reporting currency
    std::optional<std::int64_t> spend;   // nothing where no spend can be told apart
};

struct AttributionReportRow {
    std::string key;  // empty: none
    AttributionSums sums;
};

struct AttributionReport {
    std::string currency;
    std::vector<AttributionReportRow> rows;  // of the page; the greatest revenue first
    std::int64_t rows_total = 0;
    AttributionSums totals;                // of all sales, credited or not
    AttributionSums unattributed;          // of sales without a touch
    std::int64_t journeys_converting = 0;  // with touches
    std::int64_t journeys_other = 0;       // looked at by models that learn from them
    std::int64_t fx_missing = 0;           // sales that count as 0 until a rate is known
    std::int64_t spend_fx_missing = 0;     // rows of spend, likewise
};

// 422 names the field that asks for too much.
Result<AttributionReport> attribution_report(Tx& tx, const AskAttributionReport& asked);

// Whether the model needs the journeys without conversion.
bool learns_from_others(AttributionModel model);

// 422 when a chain of these would be too large.
Result<void> check_keys(AttributionModel model, const PathCounts& counts);

}  // namespace hw
