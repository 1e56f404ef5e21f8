// SPDX-License-Identifier: Apache-2.0
// Clicks, leads and sales in the order of time, a piece at a time, and what is new among them: ids
// tell when an event was made, but it is there only when its transaction has committed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/list_events.hpp"

namespace hw {

// Ids that need not be looked at again.
class SeenEvents {
  public:
    bool contains(const std::string& id) const;
    void add(std::string id);
    void forget_before(std::int64_t at_ms);
    std::size_t size() const { return ids_.size(); }

  private:
    std::set<std::pair<std::int64_t, std::string>> ids_;  // by the time in the id
};

inline constexpr std::array kEventKinds{Counting::Clicks, Counting::Leads, Counting::Sales};

// An id for each of kEventKinds.
using TailPlace = std::array<std::string, kEventKinds.size()>;

// Below every id that is made at that time or later.
TailPlace place_before(std::int64_t at_ms);

struct EventTail {
    TailPlace after;                      // ids behind these
    std::optional<std::int64_t> to_ms{};  // made before then; nothing: to the end
    std::optional<Counting> only{};
    const SeenEvents* seen = nullptr;  // these are passed over
};

struct TailPage {
    std::vector<Event> events;     // the oldest first, with their customers
    std::vector<std::string> ids;  // theirs, and of conversions that no link is known of
    TailPlace after;               // where the next page begins
    bool last = false;             // there is nothing more now
};
TailPage read_tail(Tx& tx, const EventTail& tail, std::int64_t limit);

// All ids behind that place, without their events.
std::vector<std::string> ids_behind(Tx& tx, const TailPlace& after);

}  // namespace hw
