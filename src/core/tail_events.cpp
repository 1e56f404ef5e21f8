// SPDX-License-Identifier: Apache-2.0
#include "core/tail_events.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "base/id.hpp"
#include "core/scan_events.hpp"

namespace hw {
namespace {

constexpr std::int64_t kIdsAtOnce = 5'000;

std::vector<std::string> list_ids(Tx& tx, Counting counting, const IdRange& range) {
    return counting == Counting::Clicks ? list_click_ids(tx, range)
                                        : list_conversion_ids(tx, kind_of(counting), range);
}

struct Pick {
    std::int64_t at_ms;
    std::size_t kind;  // of kEventKinds
    std::string id;

    auto order() const { return std::tie(at_ms, kind, id); }
};

// The first `limit` ids of one kind that were not seen.
void pick_ids(Tx& tx, const EventTail& tail, std::size_t kind, std::int64_t limit,
              std::vector<Pick>& picks) {
    const auto counting = kEventKinds[kind];
    if (tail.only && *tail.only != counting) return;
    IdRange range{.after = tail.after[kind],
                  .before = first_event_id(kind_of(counting), tail.to_ms.value_or(kLatestEventMs)),
                  .newest_first = false,
                  .limit = tail.seen == nullptr ? limit : kIdsAtOnce};
    for (;;) {
        auto ids = list_ids(tx, counting, range);
        const bool full = std::ssize(ids) >= range.limit;
        if (!ids.empty()) range.after = ids.back();
        for (auto& id : ids) {
            if (tail.seen != nullptr && tail.seen->contains(id)) continue;
            const auto at_ms = event_id_time_ms(id).value_or(0);
            picks.push_back({at_ms, kind, std::move(id)});
            if (--limit == 0) return;
        }
        if (!full) return;
    }
}

// Adds the events with these ids, which are sorted.
void read_events(Tx& tx, std::size_t kind, const std::vector<std::string>& ids,
                 std::map<std::string, Event>& events) {
    if (ids.empty()) return;
    static const EventFilter kEveryEvent;
    // Just below the first id, and just above the last.
    EventWalk walk{.counting = kEventKinds[kind],
                   .filter = &kEveryEvent,
                   .from_ms = 0,
                   .to_ms = kLatestEventMs,
                   .newest_first = false,
                   .until_ms = std::numeric_limits<std::int64_t>::max(),
                   .after = ids.front().substr(0, ids.front().size() - 1),
                   .before = ids.back() + "0",
                   .rows_at_once = limits::kStreamRowsAtOnce};
    walk_events(tx, walk, [&](Event&& event) {
        const bool wanted = std::ranges::binary_search(ids, event.id);
        const bool last = event.id == ids.back();
        if (wanted) events.emplace(event.id, std::move(event));
        return !last;
    });
}

}  // namespace

bool SeenEvents::contains(const std::string& id) const {
    return ids_.contains({event_id_time_ms(id).value_or(0), id});
}

void SeenEvents::add(std::string id) {
    const auto at_ms = event_id_time_ms(id).value_or(0);
    ids_.emplace(at_ms, std::move(id));
}

void SeenEvents::forget_before(std::int64_t at_ms) {
    ids_.erase(ids_.begin(), ids_.lower_bound({at_ms, ""}));
}

TailPlace place_before(std::int64_t at_ms) {
    TailPlace place;
    for (std::size_t i = 0; i < place.size(); ++i)
        place[i] = first_event_id(kind_of(kEventKinds[i]), at_ms);
    return place;
}

TailPage read_tail(Tx& tx, const EventTail& tail, std::int64_t limit) {
    std::vector<Pick> picks;
    for (std::size_t kind = 0; kind < kEventKinds.size(); ++kind) {
        pick_ids(tx, tail, kind, limit, picks);
    }
    std::ranges::sort(picks, {}, &Pick::order);
    TailPage page{.events = {}, .ids = {}, .after = tail.after, .last = std::ssize(picks) < limit};
    picks.resize(std::min(picks.size(), static_cast<std::size_t>(limit)));

    std::array<std::vector<std::string>, kEventKinds.size()> ids;
    for (const auto& pick : picks) ids[pick.kind].push_back(pick.id);
    std::map<std::string, Event> events;
    for (std::size_t kind = 0; kind < ids.size(); ++kind) {
        read_events(tx, kind, ids[kind], events);
        if (!ids[kind].empty()) page.after[kind] = ids[kind].back();
    }
    for (auto& pick : picks) {
        const auto found = events.find(pick.id);
        if (found != events.end()) page.events.push_back(std::move(found->second));
        page.ids.push_back(std::move(pick.id));
    }
    add_customers(tx, page.events);
    return page;
}

std::vector<std::string> ids_behind(Tx& tx, const TailPlace& after) {
    std::vector<std::string> all;
    for (std::size_t kind = 0; kind < kEventKinds.size(); ++kind) {
        IdRange range{.after = after[kind],
                      .before = first_event_id(kind_of(kEventKinds[kind]), kLatestEventMs),
                      .newest_first = false,
                      .limit = kIdsAtOnce};
        for (;;) {
            auto ids = list_ids(tx, kEventKinds[kind], range);
            if (!ids.empty()) range.after = ids.back();
            std::ranges::move(ids, std::back_inserter(all));
            if (std::ssize(ids) < range.limit) break;
        }
    }
    return all;
}

}  // namespace hw
