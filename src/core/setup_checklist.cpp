// SPDX-License-Identifier: Apache-2.0
#include "core/setup_checklist.hpp"

#include <algorithm>

#include "core/inbox_health.hpp"
#include "store/conversion_health.hpp"
#include "store/touches.hpp"

namespace hw {
namespace {

using Recent = std::vector<RecentConversion>;

constexpr std::int64_t kLookedAt = 100;

SetupStep step(std::string_view name, std::optional<std::int64_t> at_ms, std::string_view missing) {
    return {.name = name, .at_ms = at_ms, .missing = at_ms ? "" : std::string(missing)};
}

std::optional<std::int64_t> last_click(Tx& tx) {
    const auto clicks = latest_clicks(tx, tx.workspace_id(), tx.now_ms(), 1);
    return clicks.empty() ? std::nullopt : std::optional(clicks.front().at_ms);
}

// The newest for which `is` holds.
template <class F>
std::optional<std::int64_t> last_of(const Recent& recent, F is) {
    const auto found = std::ranges::find_if(recent, is);
    return found == recent.end() ? std::nullopt : std::optional(found->occurred_at_ms);
}

// When a delivery came last, if each processor that delivers has told of a payment.
std::optional<std::int64_t> seen_payments(const std::optional<InboxHealth>& inbox) {
    const bool told = inbox && !inbox->paid_by.empty() && inbox->without_payments.empty();
    return told ? inbox->last_delivery_at_ms : std::nullopt;
}

std::string missing_events(const std::optional<InboxHealth>& inbox) {
    const auto never_seen = inbox ? never_seen_text(*inbox) : std::string{};
    if (never_seen.empty()) {
        return "No payment processor is connected. POST /payment-connections makes the address "
               "for its webhooks, and this tells which events to select there.";
    }
    return "No event that tells of a payment has arrived. Select where the webhook is set up: " +
           never_seen + ".";
}

}  // namespace

std::vector<SetupStep> setup_checklist(Tx& tx) {
    const auto leads = list_recent_leads(tx, kLookedAt);
    const auto sales = list_recent_sales(tx, kLookedAt);
    // The shop can tell the id of a click only when its page got it.
    const auto told_click = [](const RecentConversion& one) {
        return !one.told_click_id.empty() && one.touch_id == one.told_click_id;
    };
    const auto was_told = [](const RecentConversion& one) { return one.source != "direct"; };
    const auto belongs = [](const RecentConversion& one) { return one.link_id && !one.test; };
    const auto inbox = inbox_health(tx);
    return {
        step("clickSeen", last_click(tx),
             "No click of a person has arrived. Create a link and open it in a browser."),
        step("cookieSeen", std::max(last_of(leads, told_click), last_of(sales, told_click)),
             "No conversion has named a click. Put the script on the shop's pages and send the "
             "cookie dub_id as clickId."),
        step("leadSeen", last_of(leads, was_told),
             "No lead has arrived. Call POST /track/lead when somebody signs up."),
        step("webhookVerified", inbox ? inbox->verified_at_ms : std::nullopt,
             "No payment webhook has arrived with a good signature. Connect the payment processor, "
             "or tell sales with POST /track/sale."),
        step("eventsSelected", seen_payments(inbox), missing_events(inbox)),
        step("saleAttributed", last_of(sales, belongs),
             "No sale belongs to a link yet. GET /admin/diagnose-sale tells what is missing."),
    };
}

}  // namespace hw
