// SPDX-License-Identifier: Apache-2.0
// A revenue event as it stands on the wire, and every rule about its fields (reference: payments,
// section 5). Amounts are read from the text of their numbers.
#pragma once

#include "api/json.hpp"
#include "store/ingest_tokens.hpp"
#include "store/revenue_events.hpp"

namespace hw {

// `data` was parsed with its decimals kept (exact_json.hpp). BadRequest in the words that clients
// know. With `strict` a visitor and a session must be named.
struct ToldRevenue {
    const json::object& data;
    const IngestToken& token;
    std::int64_t now_ms = 0;
    bool strict = false;
};
Result<RevenueEvent> read_revenue_event(const ToldRevenue& told);

}  // namespace hw
