// SPDX-License-Identifier: Apache-2.0
// Trials out of what subscriptions told: who began one, when, and how they came.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/payment_facts.hpp"

namespace hw {

struct ProjectedTrial {
    std::string subscription_id;
    std::string customer_id;  // of the processor
    std::string external_id;  // of the merchant; empty when nobody told
    std::string email;
    std::string name;
    std::string metadata;    // JSON object; may be empty
    std::int64_t at_ms = 0;  // the earliest word of it
    bool test = false;
    PaymentEvidence evidence;
};

// By subscription. `facts` in the order of time and key, each once.
std::vector<ProjectedTrial> project_trials(const std::vector<const PaymentFact*>& facts);

// What nobody told yet is as this says.
void fill_evidence(PaymentEvidence& known, const PaymentEvidence& told);

}  // namespace hw
