// SPDX-License-Identifier: Apache-2.0
// POST /track/sale: a sale is recorded, attributed and booked, or kept as an orphan. Source:
// reference/dub, 2.5, and the product rows A1 to A5 where they go further.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "core/create_customer.hpp"
#include "core/match_conversion.hpp"
#include "store/conversions.hpp"
#include "store/customers.hpp"
#include "store/tx.hpp"

namespace hw {

struct TrackSale {
    NewCustomer customer;     // name, e-mail and avatar count only when the sale makes the customer
    std::int64_t amount = 0;  // minor units of `currency`, not negative
    std::string currency = "usd";  // lower case
    std::string event_name = "Purchase";
    std::string payment_processor = "custom";
    std::optional<std::string> invoice_id;  // names the payment for ever
    std::optional<std::string> metadata;    // JSON
    std::optional<std::string> lead_event_name;
    std::string click_id;                          // counts for an unknown customer only
    std::string discount_code;                     // in the metadata or beside it; likewise
    std::string told_code;                         // the one beside it
    std::string link_slug;                         // link key found in the metadata; likewise
    std::string reporting_currency = "usd";        // of the workspace, lower case
    std::optional<std::int64_t> occurred_at_ms{};  // nothing: now
};

struct TrackedSale {
    std::string event_name;
    // Both are set for a sale that was attributed, both are empty for one that was not.
    std::optional<Customer> customer;
    std::optional<Conversion> sale;
    std::optional<std::string> conversion_id;  // set for orphans too; empty for an amount of 0
    std::string reason;                        // why it is an orphan; else empty
    // What the caller is told instead of an answer. The orphan is stored all the same: this is no
    // Result error, because that would roll the fact back.
    std::optional<Error> refusal;
    // A repeat that names another amount, currency or customer. What was told first stands.
    bool told_otherwise = false;
};

Result<TrackedSale> track_sale(Tx& tx, const TrackSale& input);

// Records a sale whose link is known, with attribution, counts, journal and commission. Nothing
// when its invoice id is taken. For a person who tells a sale; the match is no orphan.
std::optional<Conversion> record_sale(Tx& tx, const TrackSale& input, const Customer& customer,
                                      const Match& match);

// The lead that a direct sale brings when the request names none.
inline constexpr std::string_view kDirectSaleLead = "Sign up";

}  // namespace hw
