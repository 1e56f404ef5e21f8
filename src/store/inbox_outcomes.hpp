// SPDX-License-Identifier: Apache-2.0
// What arrived in the inbox of a workspace and what became of it, read without the deliveries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

// When deliveries with a good signature came.
struct InboxTimes {
    std::optional<std::int64_t> first_ms;
    std::optional<std::int64_t> last_ms;
};
InboxTimes inbox_times(Tx& tx);

// Of the deliveries received at or after `from_ms`: those of the inbox in that state, and those set
// aside because nobody vouches for them.
std::int64_t count_inbox(Tx& tx, std::string_view state, std::int64_t from_ms);
std::int64_t count_quarantine(Tx& tx, std::int64_t from_ms);

struct InboxRepeats {
    std::int64_t deliveries = 0;
    std::int64_t duplicates = 0;  // of these, delivered again
};
InboxRepeats inbox_repeats(Tx& tx, std::int64_t from_ms);

struct InboxFailure {
    std::int64_t at_ms = 0;
    std::string reason;
};
// The last one that was given up among those received since then, and the last one set aside that
// is still kept.
std::optional<InboxFailure> last_dead_delivery(Tx& tx, std::int64_t from_ms);
std::optional<InboxFailure> last_set_aside(Tx& tx);

// Of the last delivery since then whose signature covers a time: by how much it came later.
std::optional<std::int64_t> last_clock_skew_ms(Tx& tx, std::int64_t from_ms);
// What the last delivery since then that tells a version told; empty: none did.
std::string last_api_version(Tx& tx, std::int64_t from_ms);

bool has_delivery(Tx& tx, std::string_view connection_id);
bool has_event_type(Tx& tx, std::string_view connection_id, std::string_view event_type);

}  // namespace hw
