// SPDX-License-Identifier: Apache-2.0
// What payment processors told, in words of our own: one fact for each event that says something,
// never changed; and which objects of theirs belong together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

// How the buyer came, as far as the fact tells. Empty: not told.
struct PaymentEvidence {
    std::string click_id{};
    std::string link_slug{};
    std::string code{};
    std::string visitor_fingerprint{};
    std::string session_id{};
    std::string customer_external_id{};
};

// The reason of a refund that the merchant gave by other means than the processor's.
inline constexpr std::string_view kRefundOutside = "out_of_band";

// What the parser says of it; amounts are minor units of ISO 4217.
struct PaymentFact {
    std::string fact_key{};   // names it for ever: the id of the event
    std::string kind{};       // session, invoice, intent, charge, refund, dispute, subscription,
                              // subscription_state, subscription_ended, join, customer
    std::string anchor_id{};  // the object it is about
    std::int64_t at_ms = 0;   // of the event; money: when it was paid
    bool test = false;
    bool paid = false;     // session, invoice
    std::string reason{};  // invoice: why it was billed; session: its mode

    std::string checkout_id{};
    std::string invoice_id{};
    std::string intent_id{};
    std::string charge_id{};
    std::string subscription_id{};
    std::string customer_id{};
    std::string email{};
    std::string name{};
    std::string external_id{};  // the merchant's own, of the customer

    std::string currency{};  // lower case
    std::int64_t total = 0;  // of an invoice, whoever paid it
    std::int64_t gross = 0;  // taken; of a refund or dispute: its amount; of a charge: refunded
    std::int64_t tax = 0;    // part of gross
    std::int64_t discount = 0;
    std::int64_t net = 0;  // gross without tax

    std::string status{};         // refund, dispute (open, won, lost), subscription
    std::string status_before{};  // subscription; empty: it is new
    std::string plan{};           // subscription: prices and quantities
    std::string plan_before{};
    bool mrr_known = false;                 // what follows; invoice: of what it bills
    std::int64_t mrr = 0;                   // of its items by now, whatever its status
    std::int64_t mrr_before = 0;            // of its items before the event
    std::int64_t billed_months_365ths = 0;  // subscription without prices: what it bills at once
    std::int64_t trial_end_ms = 0;
    std::int64_t ended_ms = 0;

    PaymentEvidence evidence{};
    std::string metadata{};  // JSON object; empty: none

    // The objects that it ties together, its own first.
    std::vector<std::string> object_ids() const;
};

// False: it is known.
bool insert_payment_fact(Tx& tx, std::string_view provider, const PaymentFact& fact,
                         std::string_view inbox_id);

// Puts the objects under one aggregate and gives its id. Under the lock of lock_payments.
std::string join_payment_objects(Tx& tx, std::string_view provider,
                                 const std::vector<std::string>& object_ids);

// All facts about the objects of an aggregate, in the order of time and key.
std::vector<PaymentFact> list_payment_facts(Tx& tx, std::string_view provider,
                                            std::string_view aggregate_id);

// The aggregate that an object belongs to; nothing: nobody told of it.
std::optional<std::string> find_payment_aggregate(Tx& tx, std::string_view provider,
                                                  std::string_view object_id);

}  // namespace hw
