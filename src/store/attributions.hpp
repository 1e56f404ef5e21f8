// SPDX-License-Identifier: Apache-2.0
// Attributions: the decision which touch and link a conversion belongs to, with the evidence.
// Append-only; the row with the highest `seq` is the current decision.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

// One touch, link or lead that could have been the cause, and why it was taken or not.
struct Candidate {
    std::string rung;     // as in core/match_conversion.cpp
    std::string verdict;  // "taken" or the reason for rejection
    std::optional<std::string> touch_id;
    std::optional<std::string> link_id;
    std::optional<std::int64_t> touched_at_ms;
    std::optional<std::string> lead_id;  // the lead conversion that pointed here
};

struct Attribution {
    std::string workspace_id;
    std::string conversion_id;
    std::int64_t seq = 0;
    // "orphan": nothing was found; "void": another conversion has the payment; "test": no real money
    std::string rung;
    std::string confidence;                  // certain, identified, inferred, none
    std::optional<std::string> customer_id;  // whom the conversion belongs to, if known by now
    std::optional<std::string> touch_id;
    std::optional<std::string> link_id;
    std::optional<std::string> partner_id;
    // The link of a decision without proof of the person: `link_id` and `partner_id` are empty then.
    std::optional<std::string> inferred_link_id;
    std::optional<std::int64_t> window_ms;  // of the rung; nothing: no window
    std::int64_t rule_version = 1;
    std::string decided_by = "engine";
    std::int64_t decided_at_ms = 0;
    std::string reason;  // of an orphan, for example "no_customer_and_no_click"; else empty
    std::vector<Candidate> candidates;     // at most kCandidatesRecordedMax
    std::int64_t candidates_left_out = 0;  // how many more there were
};

void insert_attribution(Tx& tx, const Attribution& attribution);

// The current decision.
std::optional<Attribution> find_attribution(Tx& tx, std::string_view workspace_id,
                                            std::string_view conversion_id);

// The lead that the customer had at that time, the latest one, or with that exact event name, as it
// is attributed now. When there was none yet, the first one after it.
struct AttributedLead {
    std::string lead_id;
    std::string event_name;
    std::optional<std::string> touch_id;
    std::optional<std::string> link_id;
};
std::optional<AttributedLead> find_attributed_lead(Tx& tx, std::string_view workspace_id,
                                                   std::string_view customer_id,
                                                   const std::optional<std::string>& event_name,
                                                   std::int64_t at_ms);

// All decisions, oldest first.
std::vector<Attribution> list_attributions(Tx& tx, std::string_view workspace_id,
                                           std::string_view conversion_id);

}  // namespace hw
