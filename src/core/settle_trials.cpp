// SPDX-License-Identifier: Apache-2.0
#include "core/settle_trials.hpp"

#include <fmt/format.h>

#include "core/create_customer.hpp"
#include "core/match_conversion.hpp"
#include "core/record_revenue.hpp"
#include "core/track_lead.hpp"
#include "store/payment_bookings.hpp"

namespace hw {
namespace {

std::optional<std::string> told(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

// The person of a trial is found and made as the one who pays later.
RecordRevenue buyer_of(std::string_view provider, const ProjectedTrial& trial) {
    RecordRevenue buyer;
    buyer.payment_ids = {trial.subscription_id};
    buyer.payment_processor = provider;
    buyer.customer_external_id = trial.external_id;
    buyer.processor_customer_id = trial.customer_id;
    buyer.customer_name = told(trial.name);
    buyer.customer_email = told(trial.email);
    buyer.source = "webhook";
    return buyer;
}

void add(std::vector<std::string>& evidence, const std::string& value) {
    if (!value.empty()) evidence.push_back(value);
}

Match match_of(Tx& tx, const ProjectedTrial& trial, const Customer* customer) {
    MatchInput input{
        .occurred_at_ms = trial.at_ms, .customer = customer, .told_customer_id = trial.external_id};
    add(input.evidence.click_ids, trial.evidence.click_id);
    add(input.evidence.link_slugs, trial.evidence.link_slug);
    add(input.evidence.codes, trial.evidence.code);
    add(input.evidence.visitors, trial.evidence.visitor_fingerprint);
    add(input.evidence.sessions, trial.evidence.session_id);
    input.policy = find_attribution_policy(tx, tx.workspace_id());
    return match_conversion(tx, input);
}

}  // namespace

void settle_trial(Tx& tx, std::string_view provider, const ProjectedTrial& trial) {
    if (trial.test) return;
    const auto key = fmt::format("trial:{};", trial.subscription_id);
    if (!list_payment_bookings(tx, provider, key).empty()) return;
    const auto buyer = buyer_of(provider, trial);
    const auto known = known_buyer(tx, buyer);
    const auto match = match_of(tx, trial, known ? &*known : nullptr);
    if (!match.counts()) return;
    const auto customer = adopt_origin(tx, find_or_create_buyer(tx, buyer), *match.link,
                                       match.touch ? &*match.touch : nullptr);
    const auto lead_id = record_lead(tx,
                                     {.event_name = std::string(kTrialLead),
                                      .metadata = told(trial.metadata),
                                      .quantity = 1,
                                      .source = "webhook",
                                      .told_click_id = trial.evidence.click_id,
                                      .occurred_at_ms = trial.at_ms,
                                      .told_code = trial.evidence.code},
                                     customer, match);
    insert_payment_booking(tx, provider,
                           {.key = key, .seq = 1, .conversion_id = lead_id.value_or("")});
}

}  // namespace hw
