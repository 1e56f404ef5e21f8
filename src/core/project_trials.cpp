// SPDX-License-Identifier: Apache-2.0
#include "core/project_trials.hpp"

#include <map>

namespace hw {
namespace {

using Facts = std::vector<const PaymentFact*>;

void fill(std::string& known, const std::string& told) {
    if (known.empty()) known = told;
}

void fill_person(ProjectedTrial& trial, const PaymentFact& fact) {
    fill(trial.customer_id, fact.customer_id);
    fill(trial.email, fact.email);
    fill(trial.name, fact.name);
    fill_evidence(trial.evidence, fact.evidence);
}

// The subscription itself first, then what began it and bills it, then its customer.
void add_person(const Facts& facts, ProjectedTrial& trial) {
    for (const auto* kind : {"subscription", "session", "invoice"}) {
        for (const auto* fact : facts) {
            const bool mine = fact->subscription_id == trial.subscription_id;
            if (mine && fact->kind == kind) fill_person(trial, *fact);
        }
    }
    for (const auto* fact : facts) {
        const bool mine = !trial.customer_id.empty() && fact->customer_id == trial.customer_id;
        if (mine && fact->kind == "customer") fill_person(trial, *fact);
    }
    trial.external_id = trial.evidence.customer_external_id;
}

}  // namespace

void fill_evidence(PaymentEvidence& known, const PaymentEvidence& told) {
    fill(known.click_id, told.click_id);
    fill(known.link_slug, told.link_slug);
    fill(known.code, told.code);
    fill(known.visitor_fingerprint, told.visitor_fingerprint);
    fill(known.session_id, told.session_id);
    fill(known.customer_external_id, told.customer_external_id);
}

std::vector<ProjectedTrial> project_trials(const std::vector<const PaymentFact*>& facts) {
    std::map<std::string, ProjectedTrial> trials;
    for (const auto* fact : facts) {
        if (fact->kind != "subscription" || fact->status != "trialing") continue;
        const auto [entry, fresh] = trials.try_emplace(fact->subscription_id);
        auto& trial = entry->second;
        trial.subscription_id = fact->subscription_id;
        if (fresh) trial.at_ms = fact->at_ms;
        trial.test = trial.test || fact->test;
        fill(trial.metadata, fact->metadata);
    }
    std::vector<ProjectedTrial> list;
    for (auto& [id, trial] : trials) {
        add_person(facts, trial);
        list.push_back(std::move(trial));
    }
    return list;
}

}  // namespace hw
