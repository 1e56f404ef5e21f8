// SPDX-License-Identifier: Apache-2.0
// POST /track/lead: a click becomes a customer. Source: reference/dub, 2.4, with two changes: a
// lead counts once per customer and event name for ever, and a refused lead claims nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "core/create_customer.hpp"
#include "core/match_conversion.hpp"
#include "store/customers.hpp"
#include "store/links.hpp"
#include "store/tx.hpp"

namespace hw {

// Wait and Async are the same here: reads see what was acknowledged.
enum class LeadMode : std::uint8_t { Async, Wait, Deferred };

struct TrackLead {
    std::string click_id;  // empty: use the click that the customer came from
    std::string event_name;
    NewCustomer customer;
    LeadMode mode = LeadMode::Async;
    std::int64_t quantity = 1;            // 1..100 lead events
    std::optional<std::string> metadata;  // JSON
    std::string discount_code;  // in the metadata or beside it; counts for one without a click
    std::string told_code;      // the one beside it
};

struct TrackedLead {
    std::string click_id;
    std::optional<Link> link;  // nothing: this lead was recorded before
    Customer customer;
    std::optional<std::string> conversion_id;  // of the first lead event made now
};

// Errors: BadRequest (no click and no customer), NotFound (click, link, or disabled link).
Result<TrackedLead> track_lead(Tx& tx, const TrackLead& input);

// ---- for whoever records a lead otherwise: a sale that brings its lead, a person ----

struct LeadEvent {
    std::string event_name;
    std::optional<std::string> metadata;
    std::int64_t quantity = 1;
    std::string source = "api";
    std::string told_click_id;
    std::optional<std::int64_t> occurred_at_ms{};  // nothing: now
    std::string told_code{};
};

// Records the lead events with attribution, counts and journal, unless this customer has that event
// already. Gives the id of the first one made. The match is no orphan.
std::optional<std::string> record_lead(Tx& tx, const LeadEvent& event, const Customer& customer,
                                       const Match& match);

}  // namespace hw
