// SPDX-License-Identifier: Apache-2.0
// Money that a merchant took, told by a payment webhook or as a revenue event: it becomes a
// conversion, with or without a link, once per payment for ever (product rows C4 and A4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/conversions.hpp"
#include "store/customers.hpp"
#include "store/tx.hpp"

namespace hw {

// What was told about the person and the way they came. Each may be empty.
struct RevenueEvidence {
    std::string click_id{};
    std::string link_slug{};
    std::string code{};                 // discount or promotion code
    std::string visitor_fingerprint{};  // as the merchant or the page told it
    std::string session_id{};
    std::string lead_event_name{};
};

struct RecordRevenue {
    std::string kind;  // purchase, subscription, renewal, upgrade, downgrade
    // Every id the payment is known by (in_…, pi_…, cs_…, ch_…, the transaction id of a revenue
    // event): one key space with invoiceId of /track/sale. The first is the conversion's invoice
    // id. Not empty.
    std::vector<std::string> payment_ids;
    std::string event_name{};         // empty: named after the kind
    std::string payment_processor{};  // stripe, paddle, …
    std::int64_t amount = 0;          // > 0, minor units of `currency`: what commissions count
    std::string currency{};           // lower case
    std::int64_t occurred_at_ms = 0;
    std::string customer_external_id{};   // the merchant's own id, if told
    std::string processor_customer_id{};  // cus_…
    std::optional<std::string> customer_name{};
    std::optional<std::string> customer_email{};
    std::optional<std::string> subscription_id{};
    std::optional<std::string> metadata{};  // JSON object
    RevenueEvidence evidence{};
    std::string source = "webhook";  // or "revenue"; a webhook's may be matched without proof
    bool test = false;               // kept, never in totals, never paid
    // The same webhook told this payment worse before: another amount takes the place of that one.
    bool corrects = false;
};

struct RecordedRevenue {
    std::string conversion_id;
    bool is_new = false;
    bool told_otherwise = false;  // with another amount or currency: what was told first stands
    bool orphan = false;
};

// The customer is found by the merchant's id, the processor's id, then (webhooks) by an e-mail that
// only one customer has; else made. A payment that is known gets the names and the evidence it did
// not have yet, and is decided again by them. UnprocessableEntity when nothing names the payment.
Result<RecordedRevenue> record_revenue(Tx& tx, const RecordRevenue& input);

// The buyer as record_revenue finds them, and makes them where it finds nobody.
std::optional<Customer> known_buyer(Tx& tx, const RecordRevenue& input);
Customer find_or_create_buyer(Tx& tx, const RecordRevenue& input);

// The kind of a conversion as judged by now (a subscription's first payment, or a renewal).
void relabel_revenue(Tx& tx, std::string_view conversion_id, std::string_view kind);

// Two conversions are one payment: this one counts nowhere any more, what it was told goes to
// `into`, and all its names lead there.
void void_conversion(Tx& tx, const std::string& conversion_id, const std::string& into);

}  // namespace hw
