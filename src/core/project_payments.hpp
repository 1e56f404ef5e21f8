// SPDX-License-Identifier: Apache-2.0
// From the set of facts about one aggregate (a customer with all that hangs on it) to what they
// amount to. Pure: neither the order of the facts nor their number changes anything.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/project_trials.hpp"
#include "store/payment_facts.hpp"

namespace hw {

struct ProjectedDispute {
    std::string dispute_id;
    std::string state;  // open, won, lost
    std::int64_t amount = 0;
    std::int64_t at_ms = 0;
};

// One payment, whatever it is called: a checkout, a payment intent, a charge, an invoice.
struct ProjectedPayment {
    std::string key;               // in:…, else pi:…, else cs:…, else ch:…
    std::vector<std::string> ids;  // all its names, that of the key first
    bool paid = false;             // false: nobody told of the money, only of refunds and disputes
    bool test = false;
    // Only a payment intent or a charge told of the money: it knows no tax, and an invoice or a
    // checkout may be about to say better.
    bool bare = false;
    std::string kind;  // purchase, subscription, renewal, upgrade
    std::int64_t gross = 0;
    std::int64_t tax = 0;
    std::int64_t discount = 0;
    std::int64_t net = 0;
    std::string currency;
    std::int64_t paid_at_ms = 0;  // the earliest that anybody says
    std::string customer_id;      // of the processor; empty for a guest
    std::string external_id;      // of the merchant; empty when nobody told
    std::string email;
    std::string name;
    std::string subscription_id;
    std::string metadata;  // JSON object; may be empty
    PaymentEvidence evidence;
    std::int64_t refunded = 0;  // of gross
    std::int64_t refunded_at_ms = 0;
    std::vector<ProjectedDispute> disputes;  // by id

    // What is left of the refunds for the net amount: the share of it that went back.
    std::int64_t net_refunded() const;
};

struct ProjectedMovement {
    std::string key;   // sub:<id>:start, sub:<id>:ended, sub:<id>:<plan>><plan>@<time> …
    std::string kind;  // start, upgrade, downgrade, resume, stop, end
    std::string subscription_id;
    std::string customer_id;
    std::string external_id;
    std::int64_t delta = 0;  // minor units a month
    std::string currency;
    std::int64_t at_ms = 0;
    std::string payment_key;  // the payment it came with; may be empty
    bool test = false;
};

struct ProjectedCustomer {
    std::string customer_id;
    std::string external_id;
    std::string email;
    std::string name;
};

struct PaymentProjection {
    std::vector<ProjectedPayment> payments;    // by key
    std::vector<ProjectedMovement> movements;  // by key
    std::vector<ProjectedCustomer> customers;  // by id
    std::vector<ProjectedTrial> trials;        // by subscription
};

PaymentProjection project_payments(std::span<const PaymentFact> facts);

}  // namespace hw
