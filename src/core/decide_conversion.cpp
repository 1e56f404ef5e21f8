// SPDX-License-Identifier: Apache-2.0
#include "core/decide_conversion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/fault.hpp"
#include "core/book_sale.hpp"
#include "core/create_customer.hpp"
#include "core/credit_commission.hpp"
#include "core/rollups.hpp"
#include "core/run_workflows.hpp"
#include "core/settle_commission.hpp"
#include "core/track_lead.hpp"
#include "core/track_sale.hpp"
#include "store/conversion_evidence.hpp"
#include "store/outbox.hpp"
#include "store/revenues.hpp"

namespace hw {
namespace {

struct Story {
    Conversion sale;
    std::optional<Revenue> revenue;
    std::optional<Attribution> before;
    std::optional<Customer> customer;
    std::optional<std::string> own_lead_id;  // of the lead that the sale brought
    bool had_origin = false;                 // the customer had come by a link before it
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

// Some decision about the sale saw the customer's own link, which it does not once the sale is what
// the customer came by.
bool saw_origin(Tx& tx, const std::string& conversion_id) {
    const auto decisions = list_attributions(tx, tx.workspace_id(), conversion_id);
    return std::ranges::any_of(decisions, [](const Attribution& decision) {
        return std::ranges::any_of(decision.candidates, [](const Candidate& candidate) {
            return candidate.rung == "customer" && candidate.link_id;
        });
    });
}

Story story_of(Tx& tx, const std::string& conversion_id) {
    auto sale = find_conversion(tx, tx.workspace_id(), conversion_id);
    HW_ASSERT(sale && sale->kind != "lead");
    Story story{std::move(*sale),
                find_revenue(tx, conversion_id),
                find_attribution(tx, tx.workspace_id(), conversion_id),
                {},
                find_brought_lead(tx, conversion_id)};
    story.had_origin = story.own_lead_id && saw_origin(tx, conversion_id);
    story.customer = customer_of(tx, story);
    return story;
}

// As the first decision about an orphan saw its customer.
bool came_by_link(const Attribution& first) {
    return std::ranges::any_of(first.candidates, [](const Candidate& candidate) {
        return (candidate.rung == "lead" && candidate.lead_id) ||
               (candidate.rung == "customer" && candidate.link_id);
    });
}

// A sale that was told by API for somebody whom a link had brought (docs/decisions/0005).
bool follows_lead(Tx& tx, const Story& story) {
    if (story.revenue || !story.before || !story.sale.customer_id) return false;
    const auto first = list_attributions(tx, tx.workspace_id(), story.sale.conversion_id).front();
    return first.rung == "lead" || (first.rung == "orphan" && came_by_link(first));
}

SeenKey seen_key_of(const std::string& evidence) {
    const auto at = evidence.rfind('@');
    return {evidence.substr(0, at), std::strtoll(evidence.c_str() + at + 1, nullptr, 10)};
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
        if (kind == kPageEvidence) evidence.seen_keys.push_back(seen_key_of(value));
    }
    return evidence;
}

PreviewedDecision match_of(Tx& tx, const Story& story, AttributionPolicy policy) {
    const auto& lead_event = story.sale.told_lead_event;
    MatchInput input{.occurred_at_ms = story.sale.occurred_at_ms,
                     .told_click_id = story.sale.told_click_id,
                     .told_code = story.sale.told_code,
                     .customer = story.customer ? &*story.customer : nullptr,
                     .lead_event_name = {},
                     .follow_lead_only = follows_lead(tx, story)};
    input.told_customer_id = story.sale.external_customer_id;
    if (!lead_event.empty()) input.lead_event_name = lead_event;
    if (story.own_lead_id) input.own_lead_id = *story.own_lead_id;
    input.had_origin = story.had_origin;
    input.evidence = match_evidence(evidence_of(tx, story.sale.conversion_id));
    const bool by_webhook = story.revenue && story.revenue->source == "webhook";
    input.may_infer = by_webhook || policy.inferred_for_api;
    input.policy = std::move(policy);
    return {.match = match_conversion(tx, input),
            .may_infer = input.may_infer,
            .follow_lead_only = input.follow_lead_only};
}

Match test_match() {
    Match match;
    match.rung = kTestRung;
    match.reason = "test_mode";
    return match;
}

// The lead that a sale brought goes where its sale goes; the match may be an orphan's.
void move_own_lead(Tx& tx, const Story& story, const Match& match) {
    const auto lead = find_conversion(tx, tx.workspace_id(), *story.own_lead_id);
    const auto before = find_attribution(tx, tx.workspace_id(), *story.own_lead_id);
    HW_ASSERT(lead && before);
    auto after = attribution_of(tx, match, lead->conversion_id, before->seq + 1);
    after.customer_id = before->customer_id;
    if (before->link_id == after.link_id && before->touch_id == after.touch_id) return;
    insert_attribution(tx, after);
    const auto count = [&](const Attribution& decision, Sign sign) {
        if (!decision.link_id) return;
        const auto touch = decision.touch_id ? find_touch(tx, tx.workspace_id(), *decision.touch_id)
                                             : std::nullopt;
        count_lead(tx, touch ? &*touch : nullptr, *decision.link_id, lead->occurred_at_ms, sign);
    };
    count(*before, Sign::TakeBack);
    count(after, Sign::Add);
    settle_payment(tx, conversion_alias(lead->conversion_id), "reattribution");
    if (!match.counts()) return;
    credit_commission(tx, {.conversion = *lead,
                           .link = *match.link,
                           .customer = story.customer ? &*story.customer : nullptr});
}

LeadEvent own_lead_of(const Conversion& sale) {
    LeadEvent event;
    event.event_name =
        sale.told_lead_event.empty() ? std::string(kDirectSaleLead) : sale.told_lead_event;
    event.metadata = sale.metadata;
    event.source = "direct";
    event.told_click_id = sale.told_click_id;
    event.told_code = sale.told_code;
    event.occurred_at_ms = sale.occurred_at_ms;
    return event;
}

void set_origin(Tx& tx, Customer& customer, const Match& match) {
    const bool is_known = match.counts();
    customer.link_id = is_known ? std::optional(match.link->link_id) : std::nullopt;
    customer.touch_id.reset();
    customer.clicked_at_ms.reset();
    if (is_known && match.touch) {
        customer.touch_id = match.touch->touch_id;
        customer.clicked_at_ms = match.touch->at_ms;
    }
    replace_origin(tx, customer);
}

Customer create_buyer(Tx& tx, const Story& story, const Match& match) {
    HW_ASSERT(!story.sale.external_customer_id.empty());
    return create_customer(
        tx, {.external_id = story.sale.external_customer_id, .name = {}, .email = {}, .avatar = {}},
        &*match.link, match.touch ? &*match.touch : nullptr);
}

// Whoever bought is a customer, who came by this link if by none before, with a lead if without
// one.
Customer bring_customer(Tx& tx, const Story& story, const Match& match) {
    // A person's word is about the one conversion alone.
    if (match.rung == kManualRung && story.customer) return *story.customer;
    if (story.own_lead_id) {
        HW_ASSERT(story.customer);
        auto customer = *story.customer;
        if (!story.had_origin) set_origin(tx, customer, match);
        move_own_lead(tx, story, match);
        return customer;
    }
    const auto* touch = match.touch ? &*match.touch : nullptr;
    auto customer = story.customer ? adopt_origin(tx, *story.customer, *match.link, touch)
                                   : create_buyer(tx, story, match);
    const auto lead = find_attributed_lead(tx, tx.workspace_id(), customer.customer_id,
                                           std::nullopt, story.sale.occurred_at_ms);
    if (lead) return customer;
    const auto lead_id = record_lead(tx, own_lead_of(story.sale), customer, match);
    if (lead_id) insert_brought_lead(tx, story.sale.conversion_id, *lead_id);
    return customer;
}

// The sale has no link that counts it any more: neither have those who came by it.
void send_back(Tx& tx, const Story& story) {
    if (!story.own_lead_id || !story.customer) return;
    Match nothing;
    nothing.rung = kVoidRung;
    nothing.reason = "sale_left_its_link";
    auto customer = *story.customer;
    if (!story.had_origin) set_origin(tx, customer, nothing);
    move_own_lead(tx, story, nothing);
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

// Writes the decision and moves counts and money.
Decided apply(Tx& tx, const Story& story, const Match& match, const std::string& decided_by) {
    auto after = attribution_of(tx, match, story.sale.conversion_id,
                                story.before ? story.before->seq + 1 : 1);
    after.decided_by = decided_by;
    keep_seen_keys(tx, story.sale.conversion_id, match);
    if (story.before && is_same_decision(*story.before, after)) {
        return {story.before, *story.before, false};
    }
    auto who = story.customer;
    if (match.counts()) who = bring_customer(tx, story, match);
    if (who) after.customer_id = who->customer_id;
    insert_attribution(tx, after);
    leave(tx, story);
    if (!match.counts()) send_back(tx, story);
    enter(tx, story, match, who);
    return {story.before, std::move(after), true};
}

}  // namespace

bool counts_nowhere(std::string_view rung) {
    return rung == kVoidRung || rung == kTestRung;
}

void keep_seen_keys(Tx& tx, std::string_view conversion_id, const Match& match) {
    for (const auto& [key, at_ms] : match.seen_keys) {
        insert_evidence(tx, conversion_id,
                        {std::string(kPageEvidence), fmt::format("{}@{}", key, at_ms)});
    }
}

bool is_final(const Attribution& decision) {
    return decision.rung == kManualRung || counts_nowhere(decision.rung);
}

bool is_same_decision(const Attribution& a, const Attribution& b) {
    return a.rung == b.rung && a.confidence == b.confidence && a.link_id == b.link_id &&
           a.inferred_link_id == b.inferred_link_id && a.touch_id == b.touch_id &&
           a.reason == b.reason;
}

Decided decide_conversion(Tx& tx, const DecideConversion& input) {
    lock_payment(tx, conversion_alias(input.conversion_id));
    const auto story = story_of(tx, input.conversion_id);
    if (story.before && is_final(*story.before)) return {story.before, *story.before, false};
    if (story.revenue && story.revenue->test) {
        return apply(tx, story, test_match(), input.decided_by);
    }
    auto policy = input.policy ? *input.policy : find_attribution_policy(tx, tx.workspace_id());
    return apply(tx, story, match_of(tx, story, std::move(policy)).match, input.decided_by);
}

PreviewedDecision preview_decision(Tx& tx, const std::string& conversion_id) {
    auto story = story_of(tx, conversion_id);
    auto preview = match_of(tx, story, find_attribution_policy(tx, tx.workspace_id()));
    preview.customer = std::move(story.customer);
    return preview;
}

Decided apply_decision(Tx& tx, const std::string& conversion_id, const Match& match,
                       const std::string& decided_by) {
    lock_payment(tx, conversion_alias(conversion_id));
    return apply(tx, story_of(tx, conversion_id), match, decided_by);
}

Match match_of_decision(Tx& tx, const Attribution& decision) {
    Match match;
    match.rung = decision.rung;
    match.confidence = decision.confidence;
    match.window_ms = decision.window_ms;
    match.reason = decision.reason;
    match.candidates = decision.candidates;
    match.candidates_left_out = decision.candidates_left_out;
    const auto& link_id = decision.link_id ? decision.link_id : decision.inferred_link_id;
    if (link_id) match.link = find_link(tx, tx.workspace_id(), *link_id);
    if (decision.touch_id) match.touch = find_touch(tx, tx.workspace_id(), *decision.touch_id);
    return match;
}

void void_decision(Tx& tx, const std::string& conversion_id, std::string_view into) {
    Match nothing;
    nothing.rung = kVoidRung;
    nothing.reason = fmt::format("same_payment_as:{}", into);
    apply_decision(tx, conversion_id, nothing, "engine");
}

}  // namespace hw
