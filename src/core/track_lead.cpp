// SPDX-License-Identifier: Apache-2.0
#include "core/track_lead.hpp"

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/fault.hpp"
#include "core/credit_commission.hpp"
#include "core/decide_again.hpp"
#include "core/match_conversion.hpp"
#include "core/rollups.hpp"
#include "core/run_workflows.hpp"
#include "store/attributions.hpp"
#include "store/conversions.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

// "Sign Up" and "sign up" are one event.
std::string event_key(std::string_view name) {
    std::string key;
    for (const char c : name) {
        key += c == ' ' ? '-' : ascii_lower(c);
    }
    return key;
}

// Why a click leads to no link, as the caller reads it.
Error lead_refusal(const Match& match, const std::string& click_id, const std::string& code) {
    const auto refusal = [&](std::string message) {
        return Error{ErrorCode::NotFound, std::move(message), match.reason};
    };
    if (click_id.empty()) {
        return refusal(
            fmt::format("No link was found by the discount code '{}': {}", code, match.reason));
    }
    if (match.reason == "link_not_found") {
        return refusal("Link not found for clickId: " + click_id);
    }
    if (match.reason == "link_disabled") {
        const auto& link_id = match.candidates.front().link_id;
        return refusal(fmt::format("Link {} for clickId {} is disabled, lead not tracked",
                                   link_id.value_or("?"), click_id));
    }
    return refusal("Click event not found for clickId: " + click_id);
}

Conversion lead_conversion(Tx& tx, const LeadEvent& event, const Customer& customer) {
    Conversion lead;
    lead.workspace_id = tx.workspace_id();
    lead.conversion_id = tx.new_id("ld_");
    lead.kind = "lead";
    lead.event_name = event.event_name;
    lead.customer_id = customer.customer_id;
    lead.external_customer_id = customer.external_id;
    lead.occurred_at_ms = event.occurred_at_ms.value_or(tx.now_ms());
    lead.metadata = event.metadata;
    lead.told_click_id = event.told_click_id;
    lead.told_code = event.told_code;
    lead.source = event.source;
    return lead;
}

}  // namespace

std::optional<std::string> record_lead(Tx& tx, const LeadEvent& event, const Customer& customer,
                                       const Match& match) {
    HW_ASSERT(!match.orphan());
    auto lead = lead_conversion(tx, event, customer);
    if (!claim_lead(tx, tx.workspace_id(), customer.customer_id, event_key(event.event_name),
                    lead.conversion_id)) {
        return std::nullopt;
    }
    auto first_id = lead.conversion_id;
    auto credited = lead;
    for (std::int64_t i = 0; i < event.quantity; ++i) {
        if (i > 0) lead.conversion_id = tx.new_id("ld_");
        insert_conversion(tx, lead);
        auto attribution = attribution_of(tx, match, lead.conversion_id, 1);
        attribution.customer_id = customer.customer_id;
        insert_attribution(tx, attribution);
        count_lead(tx, match.touch ? &*match.touch : nullptr, match.link->link_id,
                   lead.occurred_at_ms);
    }
    credited.quantity = event.quantity;
    // Before the event, whose totals count what was earned with it.
    credit_commission(tx, {.conversion = credited, .link = *match.link, .customer = &customer});
    run_workflows_of_link(tx, "leadRecorded", *match.link);
    append_outbox(tx, "lead.created", first_id);
    // Sales that waited for this person. Not the one that this lead comes with: it has no decision.
    if (event.source != "direct") {
        decide_again(tx, {std::string(kCustomerEvidence), customer.external_id});
    }
    return first_id;
}

Result<TrackedLead> track_lead(Tx& tx, const TrackLead& input) {
    auto customer = find_customer_by_external_id(tx, tx.workspace_id(), input.customer.external_id);
    auto click_id = input.click_id;
    if (click_id.empty()) {
        const bool has_click = customer && customer->touch_id;
        if (!has_click && input.discount_code.empty()) {
            return fail(ErrorCode::BadRequest,
                        "The `clickId` property was not provided in the request, and no existing "
                        "customer with the provided `customerExternalId` was found.",
                        "no_customer_and_no_click");
        }
        if (has_click) click_id = *customer->touch_id;
    }
    const auto match = match_conversion(tx, {.occurred_at_ms = tx.now_ms(),
                                             .told_click_id = click_id,
                                             .told_code = input.discount_code});
    if (match.orphan()) {
        // A lead that was recorded before answers as it did, whatever became of its click since.
        if (customer && input.mode != LeadMode::Deferred &&
            has_lead(tx, tx.workspace_id(), customer->customer_id, event_key(input.event_name))) {
            return TrackedLead{click_id, std::nullopt, std::move(*customer), std::nullopt};
        }
        return std::unexpected(lead_refusal(match, click_id, input.discount_code));
    }
    if (!customer) {
        const auto* touch = match.touch ? &*match.touch : nullptr;
        customer = create_customer(tx, input.customer, &*match.link, touch);
    }

    TrackedLead tracked{click_id, match.link, std::move(*customer), std::nullopt};
    if (input.mode == LeadMode::Deferred) return tracked;
    tracked.conversion_id = record_lead(tx,
                                        {.event_name = input.event_name,
                                         .metadata = input.metadata,
                                         .quantity = input.quantity,
                                         .told_click_id = click_id,
                                         .told_code = input.told_code},
                                        tracked.customer, match);
    if (!tracked.conversion_id) tracked.link.reset();
    return tracked;
}

}  // namespace hw
