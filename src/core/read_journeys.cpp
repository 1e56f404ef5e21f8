// SPDX-License-Identifier: Apache-2.0
#include "core/read_journeys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/civil_time.hpp"
#include "base/id.hpp"
#include "core/decide_conversion.hpp"
#include "core/journey_touches.hpp"
#include "core/scan_events.hpp"
#include "store/attributions.hpp"
#include "store/conversion_list.hpp"
#include "store/events.hpp"
#include "store/journey_visits.hpp"

namespace hw {
namespace {

constexpr std::int64_t kPageLateMs = 7 * kDayMs;  // that browsers may keep a page view

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

    using TouchesByVisitor = std::map<std::string, std::vector<JourneyTouch>>;

    // The pages with which sessions began, by whom the pages know; and by which addresses clicks
    // are theirs.
    Result<void> read_pages(TouchesByVisitor& of_visitor) {
        // Pages may be told late, and their ids know the day at least.
        auto after_id = first_id("pv_", std::max<std::int64_t>(range_.from_ms - kDayMs, 0));
        const auto before_id = first_id("pv_", range_.to_ms + kPageLateMs);
        do {
            auto found = first_pages_between(tx_, after_id, before_id, limits::kScanRowsAtOnce);
            std::erase_if(found.pages,
                          [&](const PageView& page) { return !is_within(page.at_ms); });
            HW_CHECK(check(found.pages.size()));
            add_pages(found.pages, of_visitor);
            after_id = std::move(found.last_id);
        } while (!after_id.empty());
        return {};
    }

    void add_pages(const std::vector<PageView>& pages, TouchesByVisitor& of_visitor) {
        std::set<std::string> visitors;
        const auto touches = touches_of_pages(tx_, pages);
        for (std::size_t i = 0; i < pages.size(); ++i) {
            of_visitor[pages[i].fingerprint].push_back(touches[i]);
            visitors.insert(pages[i].fingerprint);
        }
        const std::vector<std::string> known(visitors.begin(), visitors.end());
        for (const auto& [fingerprint, visitor] : addresses_of_visitors(tx_, known)) {
            by_address_.emplace(visitor, fingerprint);
        }
    }

    // Whom pages do not know is the same one for as long as the salt of the day says so.
    std::string visitor_of(const Touch& click) const {
        if (click.visitor == 0) return click.touch_id;
        const auto known = by_address_.find(click.visitor);
        return known == by_address_.end() ? std::to_string(click.visitor) : known->second;
    }

    Result<void> read_clicks(TouchesByVisitor& of_visitor) {
        auto ids = ids_of("");
        for (;;) {
            const auto page = list_counted_touches(tx_, ids);
            HW_CHECK(check(page.size()));
            const auto touches = touches_of_clicks(tx_, page);
            for (std::size_t i = 0; i < page.size(); ++i) {
                if (is_within(page[i].at_ms)) of_visitor[visitor_of(page[i])].push_back(touches[i]);
            }
            if (std::cmp_less(page.size(), ids.limit)) return {};
            ids.after = page.back().touch_id;
        }
    }

    Result<void> read_others() {
        TouchesByVisitor of_visitor;
        HW_CHECK(read_pages(of_visitor));
        HW_CHECK(read_clicks(of_visitor));
        for (auto& [visitor, touches] : of_visitor) {
            const bool bought = std::ranges::any_of(touches, [&](const JourneyTouch& touch) {
                return converted_.contains(touch.touch_id);
            });
            if (bought) continue;
            auto& journey = journeys_.other.emplace_back();
            journey.touches = std::move(touches);
            put_in_order(journey);
            leave_out_landings(journey.touches);
        }
        return {};
    }

    Tx& tx_;
    const JourneyRange& range_;
    std::int64_t until_ms_;
    std::int64_t facts_ = 0;
    std::set<std::string> converted_;                 // touches
    std::map<std::int64_t, std::string> by_address_;  // visitors
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
