// SPDX-License-Identifier: Apache-2.0
#include "core/decide_conversion.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "core/book_sale.hpp"
#include "core/create_customer.hpp"
#include "core/run_workflows.hpp"
#include "core/settle_commission.hpp"
#include "core/track_lead.hpp"
#include "core/track_sale.hpp"
#include "store/outbox.hpp"
#include "store/revenues.hpp"

namespace hw {
namespace {

struct Story {
    Conversion sale;
    std::optional<Revenue> revenue;
    std::optional<Attribution> before;
    std::optional<Customer> customer;
};

std::optional<Customer> customer_of(Tx& tx, const Story& story) {
    const auto& workspace_id = tx.workspace_id();
    if (story.before && story.before->customer_id) {
        return find_customer(tx, workspace_id, *story.before->customer_id);
    }
    if (story.sale.customer_id) return find_customer(tx, workspace_id, *story.sale.customer_id);
    if (story.sale.external_customer_id.empty()) return std::nullopt;
    return find_customer_by_external_id(tx, workspace_id, story.sale.external_customer_id);
}

Story story_of(Tx& tx, const std::string& conversion_id) {
    auto sale = find_conversion(tx, tx.workspace_id(), conversion_id);
    HW_ASSERT(sale && sale->kind != "lead");
    Story story{std::move(*sale), find_revenue(tx, conversion_id),
                find_attribution(tx, tx.workspace_id(), conversion_id), {}};
    story.customer = customer_of(tx, story);
    return story;
}

// A decision that the engine does not touch.
bool is_final(const Attribution& decision) {
    return decision.rung == "manual" || decision.rung == "void" || decision.rung == "test";
}

// A sale that was told by API for somebody who was known then (docs/decisions/0005).
bool follows_lead(Tx& tx, const Story& story) {
    if (story.revenue || !story.before || !story.sale.customer_id) return false;
    const auto first = list_attributions(tx, tx.workspace_id(), story.sale.conversion_id).front();
    return first.rung == "lead" || first.rung == "orphan";
}

MatchEvidence match_evidence(const std::vector<Evidence>& told) {
    MatchEvidence evidence;
    for (const auto& [kind, value] : told) {
        if (kind == kClickEvidence) evidence.click_ids.push_back(value);
        if (kind == kSlugEvidence) evidence.link_slugs.push_back(value);
        if (kind == kCodeEvidence) evidence.codes.push_back(value);
        if (kind == kVisitorEvidence) evidence.visitors.push_back(value);
        if (kind == kSessionEvidence) evidence.sessions.push_back(value);
        if (kind == kEmailEvidence) evidence.emails.push_back(value);
    }
    return evidence;
}

Match match_of(Tx& tx, const Story& story, AttributionPolicy policy) {
    const auto& lead_event = story.sale.told_lead_event;
    MatchInput input{.occurred_at_ms = story.sale.occurred_at_ms,
                     .told_click_id = story.sale.told_click_id,
                     .told_code = story.sale.told_code,
                     .customer = story.customer ? &*story.customer : nullptr,
                     .lead_event_name = {},
                     .follow_lead_only = follows_lead(tx, story)};
    if (!lead_event.empty()) input.lead_event_name = lead_event;
    input.evidence = match_evidence(evidence_of(tx, story.sale.conversion_id));
    const bool by_webhook = story.revenue && story.revenue->source == "webhook";
    input.may_infer = by_webhook || policy.inferred_for_api;
    input.policy = std::move(policy);
    return match_conversion(tx, input);
}

Match test_match() {
    Match match;
    match.rung = "test";
    match.reason = "test_mode";
    return match;
}

// Whoever bought is a customer, who came by this link if by none before, with a lead.
Customer bring_customer(Tx& tx, const Story& story, const Match& match) {
    const auto* touch = match.touch ? &*match.touch : nullptr;
    HW_ASSERT(story.customer || !story.sale.external_customer_id.empty());
    auto customer = story.customer
                        ? adopt_origin(tx, *story.customer, *match.link, touch)
                        : create_customer(tx,
                                          {.external_id = story.sale.external_customer_id,
                                           .name = {},
                                           .email = {},
                                           .avatar = {}},
                                          &*match.link, touch);
    const auto lead = find_attributed_lead(tx, tx.workspace_id(), customer.customer_id,
                                           std::nullopt, story.sale.occurred_at_ms);
    if (lead) return customer;
    LeadEvent event;
    event.event_name = story.sale.told_lead_event.empty() ? std::string(kDirectSaleLead)
                                                          : story.sale.told_lead_event;
    event.metadata = story.sale.metadata;
    event.source = "direct";
    event.told_click_id = story.sale.told_click_id;
    event.told_code = story.sale.told_code;
    event.occurred_at_ms = story.sale.occurred_at_ms;
    record_lead(tx, event, customer, match);
    return customer;
}

bool was_counted_before(Tx& tx, const std::string& conversion_id) {
    const auto decisions = list_attributions(tx, tx.workspace_id(), conversion_id);
    return std::ranges::count_if(decisions, [](const Attribution& decision) {
               return decision.link_id.has_value();
           }) > 1;  // the one at hand is among them
}

void leave(Tx& tx, const Story& story) {
    if (!story.before) return;
    const auto& before = *story.before;
    if (before.inferred_link_id) book_inferred(tx, story.sale, *before.inferred_link_id, -1);
    if (!before.link_id) return;
    unbook_sale(tx, story.sale, before,
                before.customer_id ? find_customer(tx, tx.workspace_id(), *before.customer_id)
                                   : std::nullopt);
}

void enter(Tx& tx, const Story& story, const Match& match, const std::optional<Customer>& who) {
    if (match.orphan()) return;
    if (match.is_inferred()) {
        book_inferred(tx, story.sale, match.link->link_id, 1);
        return;
    }
    HW_ASSERT(who);
    book_sale(tx, {.sale = story.sale,
                   .link = *match.link,
                   .customer = *who,
                   .touch = match.touch ? &*match.touch : nullptr});
    if (was_counted_before(tx, story.sale.conversion_id)) return;
    run_workflows_of_link(tx, "saleRecorded", *match.link);
    append_outbox(tx, "sale.created", story.sale.conversion_id);
}

}  // namespace

bool is_same_decision(const Attribution& a, const Attribution& b) {
    return a.rung == b.rung && a.confidence == b.confidence && a.link_id == b.link_id &&
           a.inferred_link_id == b.inferred_link_id && a.touch_id == b.touch_id &&
           a.reason == b.reason;
}

Decided decide_conversion(Tx& tx, const DecideConversion& input) {
    lock_payment(tx, conversion_alias(input.conversion_id));
    const auto story = story_of(tx, input.conversion_id);
    if (story.before && is_final(*story.before)) return {story.before, *story.before, false};
    const bool is_test = story.revenue && story.revenue->test;
    const auto match =
        is_test ? test_match()
                : match_of(tx, story,
                           input.policy ? *input.policy
                                        : find_attribution_policy(tx, tx.workspace_id()));
    auto after = attribution_of(tx, match, input.conversion_id,
                                story.before ? story.before->seq + 1 : 1);
    after.decided_by = input.decided_by;
    if (story.before && is_same_decision(*story.before, after)) {
        return {story.before, *story.before, false};
    }
    auto who = story.customer;
    if (match.counts()) who = bring_customer(tx, story, match);
    if (who) after.customer_id = who->customer_id;
    insert_attribution(tx, after);
    leave(tx, story);
    enter(tx, story, match, who);
    return {story.before, std::move(after), true};
}

std::int64_t decide_again(Tx& tx, const Evidence& evidence) {
    std::int64_t changed = 0;
    for (const auto& id :
         conversions_with_evidence(tx, evidence, "", limits::kOrphansRetriedAtOnce)) {
        if (decide_conversion(tx, {.conversion_id = id}).changed) ++changed;
    }
    return changed;
}

void void_decision(Tx& tx, std::string_view conversion_id, std::string_view into) {
    lock_payment(tx, conversion_alias(conversion_id));
    const auto story = story_of(tx, std::string(conversion_id));
    HW_ASSERT(story.before);
    if (story.before->rung == "void") return;
    Match nothing;
    nothing.rung = "void";
    nothing.reason = fmt::format("same_payment_as:{}", into);
    auto after = attribution_of(tx, nothing, conversion_id, story.before->seq + 1);
    after.customer_id = story.before->customer_id;
    insert_attribution(tx, after);
    leave(tx, story);
}

}  // namespace hw
