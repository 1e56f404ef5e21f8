// SPDX-License-Identifier: Apache-2.0
#include "core/read_journeys.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "core/decide_conversion.hpp"
#include "core/journey_touches.hpp"
#include "core/scan_events.hpp"
#include "store/attributions.hpp"
#include "store/conversion_list.hpp"
#include "store/events.hpp"

namespace hw {
namespace {

std::int64_t value_of(const Conversion& sale) {
    return sale.converted_amount.value_or(0);
}

class Reader {
  public:
    Reader(Tx& tx, const JourneyRange& range)
        : tx_(tx), range_(range), until_ms_(tx.env().now_ms() + range.budget_ms) {}

    Result<Journeys> run() {
        HW_CHECK(read_sales());
        if (range_.others == OtherJourneys::Read) HW_CHECK(read_others());
        return std::move(journeys_);
    }

  private:
    IdRange ids_of(std::string_view kind) const {
        return {.after = lower_id(kind, range_.from_ms),
                .before = upper_id(kind, range_.to_ms),
                .newest_first = false,
                .limit = limits::kScanRowsAtOnce};
    }

    Result<void> check(std::size_t facts) {
        facts_ += static_cast<std::int64_t>(facts);
        if (facts_ > range_.facts_max) {
            return fail(ErrorCode::UnprocessableEntity,
                        fmt::format("too_big: from: More than {} sales and clicks lie between "
                                    "`from` and `to`. Ask for fewer days.",
                                    range_.facts_max),
                        "report_too_big");
        }
        if (tx_.env().now_ms() < until_ms_) return {};
        return fail(ErrorCode::UnprocessableEntity,
                    "too_big: from: The journeys between `from` and `to` take too long to read. "
                    "Ask for fewer days.",
                    "report_too_slow");
    }

    bool is_within(std::int64_t at_ms) const {
        return at_ms >= range_.from_ms && at_ms < range_.to_ms;
    }

    Result<void> read_sales() {
        auto ids = ids_of("purchase");
        for (;;) {
            auto page = list_conversions(tx_, "purchase", ids);
            HW_CHECK(check(page.size()));
            const bool is_last = std::cmp_less(page.size(), ids.limit);
            if (!page.empty()) ids.after = page.back().conversion.conversion_id;
            std::erase_if(page, [&](const ListedConversion& one) {
                return !is_within(one.conversion.occurred_at_ms) ||
                       counts_nowhere(one.decision.rung);
            });
            add_sales(page);
            if (is_last) return {};
        }
    }

    void add_sales(const std::vector<ListedConversion>& sales) {
        auto touches = journey_touches(tx_, sales);
        for (const auto& one : sales) {
            auto& journey = journeys_.converting.emplace_back();
            journey.conversion_id = one.conversion.conversion_id;
            journey.touches = std::move(touches[journey.conversion_id]);
            journey.value_minor = value_of(one.conversion);
            journey.converted_at_ms = one.conversion.occurred_at_ms;
            if (!one.conversion.converted_amount) ++journeys_.fx_missing;
            for (const auto& touch : journey.touches) converted_.insert(touch.touch_id);
        }
    }

    // A visitor is the same one for as long as the salt of the day says so.
    Result<void> read_others() {
        std::map<std::string, std::vector<JourneyTouch>> of_visitor;
        std::set<std::string> buyers;
        auto ids = ids_of("");
        for (;;) {
            const auto page = list_counted_touches(tx_, ids);
            HW_CHECK(check(page.size()));
            const auto touches = touches_of_clicks(tx_, page);
            for (std::size_t i = 0; i < page.size(); ++i) {
                if (!is_within(page[i].at_ms)) continue;
                const auto visitor =
                    page[i].visitor == 0 ? page[i].touch_id : std::to_string(page[i].visitor);
                if (converted_.contains(page[i].touch_id)) buyers.insert(visitor);
                of_visitor[visitor].push_back(touches[i]);
            }
            if (std::cmp_less(page.size(), ids.limit)) break;
            ids.after = page.back().touch_id;
        }
        for (auto& [visitor, touches] : of_visitor) {
            if (buyers.contains(visitor)) continue;
            auto& journey = journeys_.other.emplace_back();
            journey.touches = std::move(touches);
            put_in_order(journey);
        }
        return {};
    }

    Tx& tx_;
    const JourneyRange& range_;
    std::int64_t until_ms_;
    std::int64_t facts_ = 0;
    std::set<std::string> converted_;  // touches
    Journeys journeys_;
};

}  // namespace

Result<Journeys> read_journeys(Tx& tx, const JourneyRange& range) {
    return Reader(tx, range).run();
}

std::optional<Journey> find_journey(Tx& tx, std::string_view conversion_id) {
    auto conversion = find_conversion(tx, tx.workspace_id(), conversion_id);
    if (!conversion) return std::nullopt;
    auto decision = find_attribution(tx, tx.workspace_id(), conversion_id);
    ListedConversion listed{.conversion = std::move(*conversion),
                            .decision = decision ? std::move(*decision) : Attribution{},
                            .domain = {},
                            .key = {}};
    if (!listed.decision.customer_id) listed.decision.customer_id = listed.conversion.customer_id;
    Journey journey;
    journey.conversion_id = conversion_id;
    journey.touches = std::move(journey_touches(tx, std::span(&listed, 1))[journey.conversion_id]);
    journey.value_minor = value_of(listed.conversion);
    journey.converted_at_ms = listed.conversion.occurred_at_ms;
    return journey;
}

}  // namespace hw
