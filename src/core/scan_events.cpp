// SPDX-License-Identifier: Apache-2.0
#include "core/scan_events.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/civil_time.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

// The id and the time of a fact are taken at one moment; imports may not be so exact.
constexpr std::int64_t kIdSlackMs = kMinuteMs;

IdRange newest_of(std::string_view kind, const Scan& scan) {
    return {.after = lower_id(kind, scan.from_ms),
            .before = upper_id(kind, scan.to_ms),
            .newest_first = true,
            .limit = limits::kScanRowsAtOnce};
}

bool is_full(std::size_t rows) {
    return static_cast<std::int64_t>(rows) >= limits::kScanRowsAtOnce;
}

// A click is complete from a time on when everything younger was seen, whatever ids say.
std::int64_t complete_from(const Scan& scan, std::int64_t oldest_ms) {
    return std::clamp(oldest_ms + kIdSlackMs, scan.from_ms, scan.to_ms);
}

bool is_within(const Scan& scan, std::int64_t at_ms) {
    return at_ms >= scan.from_ms && at_ms < scan.to_ms;
}

RollupCounts counts_of(const AttributedConversion& found) {
    if (found.conversion.kind == "lead") return {.leads = 1};
    return {.sales = 1, .sale_amount = found.conversion.converted_amount.value_or(0)};
}

template <class Item, class LinkOf>
void load_links(LinkBook& links, const std::vector<Item>& items, LinkOf link_of) {
    std::vector<std::string> ids;
    ids.reserve(items.size());
    for (const auto& item : items) ids.push_back(link_of(item));
    links.load(ids);
}

}  // namespace

std::string first_event_id(std::string_view kind, std::int64_t at_ms) {
    at_ms = std::clamp<std::int64_t>(at_ms, 0, kLatestEventMs);
    if (kind.empty()) return first_click_id(at_ms);
    return first_id(kind == "lead" ? "ld_" : "sale_", at_ms);
}

std::string lower_id(std::string_view kind, std::int64_t at_ms) {
    return first_event_id(kind, at_ms - kIdSlackMs);
}

std::string upper_id(std::string_view kind, std::int64_t at_ms) {
    return first_event_id(kind, at_ms + kIdSlackMs);
}

std::int64_t scan_clicks(Tx& tx, const Scan& scan, LinkBook& links, Tally& tally) {
    if (tally.filter().of_conversions() || scan.from_ms >= scan.to_ms) return scan.from_ms;
    auto range = newest_of("", scan);
    for (;;) {
        const auto touches = scan_counted_touches(tx, range);
        load_links(links, touches, [](const Touch& touch) { return touch.link_id; });
        for (const auto& touch : touches) {
            if (!is_within(scan, touch.at_ms)) continue;
            tally.add({touch.link_id, &touch, touch.at_ms, {.clicks = 1}});
        }
        if (!is_full(touches.size())) return scan.from_ms;
        range.before = touches.back().touch_id;
        if (tx.env().now_ms() >= scan.until_ms) return complete_from(scan, touches.back().at_ms);
    }
}

std::int64_t scan_conversions(Tx& tx, std::string_view kind, const Scan& scan, LinkBook& links,
                              Tally& tally) {
    if (scan.from_ms >= scan.to_ms) return scan.from_ms;
    auto range = newest_of(kind, scan);
    for (;;) {
        const auto found = list_attributed_conversions(tx, kind, range);
        load_links(links, found, [](const AttributedConversion& one) { return one.link_id; });
        for (const auto& one : found) {
            const auto at_ms = one.conversion.occurred_at_ms;
            if (!is_within(scan, at_ms) || !tally.filter().admits_conversion(one)) continue;
            tally.add({one.link_id, one.touch ? &*one.touch : nullptr, at_ms, counts_of(one)});
        }
        if (!is_full(found.size())) return scan.from_ms;
        range.before = found.back().conversion.conversion_id;
        if (tx.env().now_ms() >= scan.until_ms) {
            return complete_from(scan, found.back().conversion.occurred_at_ms);
        }
    }
}

}  // namespace hw
