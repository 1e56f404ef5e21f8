// SPDX-License-Identifier: Apache-2.0
#include "core/track_lead.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "core/match_conversion.hpp"
#include "core/rollups.hpp"
#include "store/attributions.hpp"
#include "store/conversions.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

// "Sign Up" and "sign up" are one event.
std::string event_key(std::string_view name) {
    std::string key;
    for (const char c : name) {
        key += c == ' ' ? '-' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    }
    return key;
}

struct Origin {
    Touch touch;
    Link link;
};

// The click and its link, or the refusal that the caller reads.
Result<Origin> find_origin(Tx& tx, const std::string& click_id) {
    auto touch = find_touch(tx, tx.workspace_id(), click_id);
    if (!touch || touch->bot) {
        return fail(ErrorCode::NotFound, "Click event not found for clickId: " + click_id,
                    touch ? "bot" : "click_not_found");
    }
    auto link = find_link(tx, tx.workspace_id(), touch->link_id);
    if (!link) {
        return fail(ErrorCode::NotFound, "Link not found for clickId: " + click_id,
                    "link_not_found");
    }
    if (link->disabled_at_ms) {
        return fail(ErrorCode::NotFound,
                    fmt::format("Link {} for clickId {} is disabled, lead not tracked",
                                link->link_id, click_id),
                    "link_disabled");
    }
    return Origin{std::move(*touch), std::move(*link)};
}

Conversion lead_conversion(Tx& tx, const LeadEvent& event, const Customer& customer) {
    Conversion lead;
    lead.workspace_id = tx.workspace_id();
    lead.conversion_id = tx.new_id("ld_");
    lead.kind = "lead";
    lead.event_name = event.event_name;
    lead.customer_id = customer.customer_id;
    lead.external_customer_id = customer.external_id;
    lead.occurred_at_ms = tx.now_ms();
    lead.metadata = event.metadata;
    lead.source = event.source;
    return lead;
}

}  // namespace

std::optional<std::string> record_lead(Tx& tx, const LeadEvent& event, const Customer& customer,
                                       std::string_view click_id, std::string_view link_slug) {
    auto lead = lead_conversion(tx, event, customer);
    if (!claim_lead(tx, tx.workspace_id(), customer.customer_id, event_key(event.event_name),
                    lead.conversion_id)) {
        return std::nullopt;
    }
    lead.told_click_id = click_id;
    const auto match = match_conversion(tx, {.occurred_at_ms = lead.occurred_at_ms,
                                             .told_click_id = click_id,
                                             .told_link_slug = link_slug});
    HW_ASSERT(!match.orphan());
    const auto first_id = lead.conversion_id;
    for (std::int64_t i = 0; i < event.quantity; ++i) {
        if (i > 0) lead.conversion_id = tx.new_id("ld_");
        insert_conversion(tx, lead);
        auto attribution = attribution_of(tx, match, lead.conversion_id, 1);
        attribution.customer_id = customer.customer_id;
        insert_attribution(tx, attribution);
        count_lead(tx, match.touch ? &*match.touch : nullptr, match.link->link_id,
                   lead.occurred_at_ms);
    }
    append_outbox(tx, "lead.created", first_id);
    return first_id;
}

Result<TrackedLead> track_lead(Tx& tx, const TrackLead& input) {
    auto customer = find_customer_by_external_id(tx, tx.workspace_id(), input.customer.external_id);
    auto click_id = input.click_id;
    if (click_id.empty()) {
        if (!customer || !customer->touch_id) {
            return fail(ErrorCode::BadRequest,
                        "The `clickId` property was not provided in the request, and no existing "
                        "customer with the provided `customerExternalId` was found.",
                        "no_customer_and_no_click");
        }
        click_id = *customer->touch_id;
    }
    auto origin = find_origin(tx, click_id);
    if (!origin) {
        // A lead that was recorded before answers as it did, whatever became of its click since.
        if (customer && input.mode != LeadMode::Deferred &&
            has_lead(tx, tx.workspace_id(), customer->customer_id, event_key(input.event_name))) {
            return TrackedLead{click_id, std::nullopt, std::move(*customer), std::nullopt};
        }
        return std::unexpected(std::move(origin.error()));
    }
    if (!customer) customer = create_customer(tx, input.customer, origin->link, &origin->touch);

    TrackedLead tracked{click_id, std::move(origin->link), std::move(*customer), std::nullopt};
    if (input.mode == LeadMode::Deferred) return tracked;
    tracked.conversion_id = record_lead(tx, {input.event_name, input.metadata, input.quantity},
                                        tracked.customer, click_id, {});
    if (!tracked.conversion_id) tracked.link.reset();
    return tracked;
}

}  // namespace hw
