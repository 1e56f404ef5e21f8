// SPDX-License-Identifier: Apache-2.0
#include "core/list_events.hpp"

#include <algorithm>

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "core/scan_events.hpp"
#include "store/analytics.hpp"

namespace hw {
namespace {

std::vector<Event> read_clicks(Tx& tx, const IdRange& range) {
    std::vector<Event> events;
    for (auto& touch : list_counted_touches(tx, range)) {
        Event event;
        event.id = touch.touch_id;
        event.at_ms = touch.at_ms;
        event.link.link.link_id = touch.link_id;
        event.touch = std::move(touch);
        events.push_back(std::move(event));
    }
    return events;
}

std::vector<Event> read_conversions(Tx& tx, std::string_view kind, const IdRange& range) {
    std::vector<Event> events;
    for (auto& found : list_attributed_conversions(tx, kind, range)) {
        Event event;
        event.id = found.conversion.conversion_id;
        event.at_ms = found.conversion.occurred_at_ms;
        event.link.link.link_id = found.link_id;
        event.touch = std::move(found.touch);
        event.conversion = std::move(found);
        events.push_back(std::move(event));
    }
    return events;
}

// Of a link that is gone the event keeps the id.
bool take_link(Event& event, const LinkBook& links, const EventFilter& filter) {
    const auto* link = links.find(event.link.link.link_id);
    if (link == nullptr) return !filter.has_link_fields();
    event.link = *link;
    return filter.admits_link(*link);
}

bool has_touch_fields(const EventFilter& filter) {
    return std::ranges::any_of(filter.fields,
                               [](const auto& one) { return is_of_touch(one.field); });
}

bool is_wanted(const EventWalk& walk, const Event& event) {
    if (event.at_ms < walk.from_ms || event.at_ms >= walk.to_ms) return false;
    if (event.conversion && !walk.filter->admits_conversion(*event.conversion)) return false;
    if (!has_touch_fields(*walk.filter)) return true;
    return event.touch && walk.filter->admits_touch(*event.touch);
}

void load_links(LinkBook& links, const std::vector<Event>& events) {
    std::vector<std::string> ids;
    for (const auto& event : events) ids.push_back(event.link.link.link_id);
    links.load(ids);
}

std::optional<CustomerWithTotals> with_totals(Tx& tx, const std::string& customer_id) {
    auto found = find_customer(tx, tx.workspace_id(), customer_id);
    if (!found) return std::nullopt;
    const auto totals = customer_totals(tx, tx.workspace_id(), customer_id);
    return CustomerWithTotals{std::move(*found), totals};
}

}  // namespace

bool walk_events(Tx& tx, EventWalk& walk, FunctionRef<bool(Event&&)> on_event) {
    const auto kind = kind_of(walk.counting);
    if (kind.empty() && walk.filter->of_conversions()) return true;
    walk.after = std::max(walk.after, lower_id(kind, walk.from_ms));
    const auto upper = upper_id(kind, walk.to_ms);
    if (walk.before.empty() || walk.before > upper) walk.before = upper;
    LinkBook links(tx);
    for (;;) {
        const IdRange range{walk.after, walk.before, walk.newest_first, walk.rows_at_once};
        auto events = kind.empty() ? read_clicks(tx, range) : read_conversions(tx, kind, range);
        load_links(links, events);
        for (auto& event : events) {
            (walk.newest_first ? walk.before : walk.after) = event.id;
            if (!is_wanted(walk, event) || !take_link(event, links, *walk.filter)) continue;
            if (!on_event(std::move(event))) return true;
        }
        if (std::ssize(events) < walk.rows_at_once) return true;
        if (tx.env().now_ms() >= walk.until_ms) return false;
    }
}

void add_customers(Tx& tx, std::vector<Event>& events) {
    std::map<std::string, std::optional<CustomerWithTotals>> known;
    for (auto& event : events) {
        if (!event.conversion || !event.conversion->customer_id) continue;
        const auto& id = *event.conversion->customer_id;
        const auto [at, is_new] = known.try_emplace(id);
        if (is_new) at->second = with_totals(tx, id);
        event.customer = at->second;
    }
}

Result<EventPage> list_events(Tx& tx, const ListEvents& input) {
    HW_ASSERT(input.counting != Counting::Composite);
    const auto first_ms = first_counted_hour(tx).value_or(tx.now_ms());
    const auto range = HW_TRY(read_range(input.range, tx.now_ms(), first_ms));
    EventWalk walk{.counting = input.counting,
                   .filter = &input.filter,
                   .from_ms = range.from_ms,
                   .to_ms = range.to_ms,
                   .newest_first = input.newest_first,
                   .until_ms = tx.env().now_ms() + limits::kScanBudgetMs};
    auto skip = (input.page - 1) * input.limit;
    EventPage page;
    auto last_ms = input.newest_first ? range.to_ms : range.from_ms;
    const bool finished = walk_events(tx, walk, [&](Event&& event) {
        last_ms = event.at_ms;
        if (skip > 0) {
            --skip;
            return true;
        }
        page.events.push_back(std::move(event));
        return std::ssize(page.events) < input.limit;
    });
    if (!finished) page.seen_up_to_ms = last_ms;
    add_customers(tx, page.events);
    return page;
}

}  // namespace hw
