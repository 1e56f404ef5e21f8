// SPDX-License-Identifier: Apache-2.0
#include "core/attribution_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "core/convert_currency.hpp"
#include "core/read_journeys.hpp"
#include "store/spend.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

Result<std::int64_t> day_of(std::string_view field, const std::string& text) {
    const auto day = parse_date(text);
    if (day && *day >= 0) return *day;
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("invalid_format: {}: '{}' is no day. Give one such as 2026-01-02.",
                            field, text),
                "invalid_day");
}

Result<JourneyRange> range_of(const AskAttributionReport& asked) {
    JourneyRange range;
    range.from_ms = HW_TRY(day_of("from", asked.from_day));
    range.to_ms = HW_TRY(day_of("to", asked.to_day)) + kDayMs;
    if (range.from_ms >= range.to_ms) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("invalid_value: to: {} lies before `from`, which is {}.",
                                asked.to_day, asked.from_day),
                    "invalid_range");
    }
    if (range.to_ms - range.from_ms > limits::kReportDaysMax * kDayMs) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("too_big: to: From {} to {} are more than {} days. Ask for fewer.",
                                asked.from_day, asked.to_day, limits::kReportDaysMax),
                    "report_too_big");
    }
    if (learns_from_others(asked.settings.model)) range.others = OtherJourneys::Read;
    return range;
}

bool has_spend(CreditBy by) {
    return by == CreditBy::Source || by == CreditBy::Campaign;
}

class Report {
  public:
    Report(Tx& tx, const AskAttributionReport& asked) : tx_(tx), asked_(asked) {}

    Result<AttributionReport> run(const JourneyRange& range) {
        const auto workspace = find_workspace(tx_, tx_.workspace_id());
        HW_ASSERT(workspace.has_value());
        report_.currency = workspace->currency;
        auto journeys = HW_TRY(read_journeys(tx_, range));
        report_.fx_missing = journeys.fx_missing;
        report_.journeys_other = static_cast<std::int64_t>(journeys.other.size());
        HW_CHECK(credit(journeys));
        add_spend();
        cut_page();
        return std::move(report_);
    }

  private:
    Result<void> credit(const Journeys& journeys) {
        PathCounts counts;
        for (const auto& journey : journeys.converting) {
            count_path(counts, journey, asked_.settings.by);
        }
        for (const auto& journey : journeys.other) count_path(counts, journey, asked_.settings.by);
        HW_CHECK(check_keys(asked_.settings.model, counts));
        const AttributionShares shares(asked_.settings, counts);
        const bool of_all = is_of_all_journeys(asked_.settings.model);
        std::int64_t credited_amount = 0;
        for (const auto& journey : journeys.converting) {
            const auto amount = journey.value_minor.value_or(0);
            add(report_.totals, kConversionMicros, amount);
            if (journey.touches.empty()) {
                add(report_.unattributed, kConversionMicros, amount);
                continue;
            }
            ++report_.journeys_converting;
            credited_amount += amount;
            if (!of_all) add_credits(credits_of(shares.of_journey(journey), 1, amount));
        }
        if (of_all) {
            add_credits(credits_of(shares.of_all(), report_.journeys_converting, credited_amount));
        }
        return {};
    }

    static void add(AttributionSums& sums, std::int64_t micros, std::int64_t amount) {
        sums.conversion_micros += micros;
        sums.revenue += amount;
    }

    void add_credits(const std::vector<Credit>& credits) {
        for (const auto& one : credits) {
            add(by_key_[one.key], one.conversion_micros, one.amount_minor);
        }
    }

    // In the reporting currency, by the rate of its day.
    void add_spend() {
        if (!has_spend(asked_.settings.by)) return;
        for (auto& [key, sums] : by_key_) sums.spend = 0;
        report_.totals.spend = 0;
        Spend after{.day = asked_.from_day, .source = {}, .campaign = {}, .currency = {}};
        for (;;) {
            const auto page = list_spend(tx_, asked_.to_day, after, limits::kScanRowsAtOnce);
            for (const auto& spend : page) add_spend_row(spend);
            if (std::cmp_less(page.size(), limits::kScanRowsAtOnce)) return;
            after = page.back();
        }
    }

    void add_spend_row(const Spend& spend) {
        const auto at_ms = parse_date(spend.day).value_or(0);
        const auto amount =
            convert_currency(tx_, spend.amount, spend.currency, report_.currency, at_ms).amount;
        if (!amount) ++report_.spend_fx_missing;
        const bool by_source = asked_.settings.by == CreditBy::Source;
        auto& sums = by_key_[by_source ? spend.source : spend.campaign];
        sums.spend = sums.spend.value_or(0) + amount.value_or(0);
        report_.totals.spend = *report_.totals.spend + amount.value_or(0);
    }

    void cut_page() {
        std::vector<AttributionReportRow> rows;
        rows.reserve(by_key_.size());
        for (auto& [key, sums] : by_key_) rows.push_back({key, sums});
        std::ranges::stable_sort(rows, [](const auto& a, const auto& b) {
            return std::tie(a.sums.revenue, a.sums.conversion_micros) >
                   std::tie(b.sums.revenue, b.sums.conversion_micros);
        });
        report_.rows_total = static_cast<std::int64_t>(rows.size());
        const auto first = std::min(report_.rows_total, (asked_.page - 1) * asked_.page_size);
        const auto last = std::min(report_.rows_total, first + asked_.page_size);
        report_.rows.assign(rows.begin() + first, rows.begin() + last);
    }

    Tx& tx_;
    const AskAttributionReport& asked_;
    AttributionReport report_;
    std::map<std::string, AttributionSums> by_key_;
};

}  // namespace

bool learns_from_others(AttributionModel model) {
    return model == AttributionModel::Markov || model == AttributionModel::Counterfactual;
}

Result<void> check_keys(AttributionModel model, const PathCounts& counts) {
    if (!is_of_all_journeys(model)) return {};
    std::set<std::string_view> keys;
    for (const auto& [path, count] : counts) keys.insert(path.begin(), path.end());
    if (keys.size() <= limits::kMarkovKeysMax) return {};
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("too_big: by: The journeys come past {} different ones, and a Markov "
                            "model takes at most {}. Ask for fewer days, or by=source.",
                            keys.size(), limits::kMarkovKeysMax),
                "report_too_big");
}

Result<AttributionReport> attribution_report(Tx& tx, const AskAttributionReport& asked) {
    const auto range = HW_TRY(range_of(asked));
    return Report(tx, asked).run(range);
}

}  // namespace hw
