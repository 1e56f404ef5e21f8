// SPDX-License-Identifier: Apache-2.0
#include "core/record_revenue_event.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "core/record_mrr.hpp"
#include "core/record_refund.hpp"
#include "core/record_revenue.hpp"
#include "core/settle_commission.hpp"
#include "store/advisory_lock.hpp"
#include "store/conversions.hpp"
#include "store/customers.hpp"

namespace hw {
namespace {

bool is(const RevenueEvent& event, std::string_view type) {
    return event.event_type == type;
}

std::unexpected<Error> duplicate(std::string_view hint = {}) {
    return fail(
        ErrorCode::Conflict,
        hint.empty() ? "Duplicate transaction" : fmt::format("Duplicate transaction: {}", hint),
        "duplicate_transaction");
}

// One name among all events, for movements and refunds.
std::string name_of(const RevenueEvent& event) {
    return fmt::format("revenue:{}:{}:{}", event.payment_processor, event.transaction_id,
                       event.event_type);
}

Result<RecordedRevenueEvent> told_before(const RevenueEvent& first, const RevenueEvent& event) {
    const bool same = first.amount == event.amount && first.currency == event.currency &&
                      first.subscription_id == event.subscription_id;
    if (same) return RecordedRevenueEvent{.duplicate = true};
    return duplicate();
}

// A subscription starts once until it ends, and ends once until it starts again, under whatever
// transaction ids that is told. True: it is known already.
Result<bool> is_known_step(Tx& tx, const RevenueEvent& event) {
    if (!is(event, "subscription") && !is(event, "churn")) return false;
    if (last_subscription_step(tx, event) != event.event_type) return false;
    if (is(event, "churn")) return true;
    return duplicate(fmt::format(
        "subscription {} has started already; tell its next payments as renewal, with the "
        "payment's own id.",
        event.subscription_id));
}

// By which names the payment is known. The transaction id leads to what webhooks and the track API
// have told of it; an event that shares its id with another one is a payment of its own.
std::vector<std::string> payment_ids_of(Tx& tx, const RevenueEvent& event) {
    if (has_other_revenue_event(tx, event)) return {name_of(event)};
    return {event.transaction_id};
}

Result<std::optional<std::string>> book_money(Tx& tx, const RevenueEvent& event,
                                              std::vector<std::string>& warnings) {
    const auto recorded =
        HW_TRY(record_revenue(tx, {.kind = event.event_type,
                                   .payment_ids = payment_ids_of(tx, event),
                                   .payment_processor = event.payment_processor,
                                   .amount = event.amount,
                                   .currency = event.currency,
                                   .occurred_at_ms = event.occurred_at_ms,
                                   .customer_external_id = event.customer_id,
                                   .subscription_id = event.subscription_id.empty()
                                                          ? std::nullopt
                                                          : std::optional(event.subscription_id),
                                   .metadata = event.metadata,
                                   .evidence = {.click_id = event.click_id,
                                                .link_slug = event.link_slug,
                                                .visitor_fingerprint = event.fingerprint,
                                                .session_id = event.session_id},
                                   .source = "revenue",
                                   .test = event.test}));
    if (recorded.told_otherwise) warnings.emplace_back("payment_told_otherwise");
    return std::optional(recorded.conversion_id);
}

Result<void> book_refund(Tx& tx, const RevenueEvent& event, std::vector<std::string>& warnings) {
    if (event.original_transaction_id.empty()) {
        warnings.emplace_back("refund_without_original");
        return {};
    }
    if (event.test) return {};
    const auto alias = invoice_alias(event.original_transaction_id);
    const auto recorded = HW_TRY(record_refund(tx, {.workspace_id = tx.workspace_id(),
                                                    .payment_alias = alias,
                                                    .refund_key = name_of(event),
                                                    .amount = -event.amount,
                                                    .currency = event.currency,
                                                    .reason = "revenue_event",
                                                    .at_ms = event.occurred_at_ms}));
    if (!recorded.conversion_id) {
        warnings.emplace_back("refund_of_unknown_transaction");
        return {};
    }
    const auto sale = find_conversion(tx, tx.workspace_id(), *recorded.conversion_id);
    std::int64_t refunded = 0;
    for (const auto& each : refunds_of(tx, tx.workspace_id(), alias)) refunded += each.amount;
    if (sale && sale->currency == event.currency && refunded > sale->amount) {
        warnings.emplace_back("over_refund");
    }
    return {};
}

// What the customer pays per month from now on, less what it was before; nothing when that is
// unknown or unchanged.
Result<std::optional<std::int64_t>> mrr_delta(Tx& tx, const RevenueEvent& event,
                                              std::vector<std::string>& warnings) {
    const auto told = event.mrr_impact.value_or(0);
    if (is(event, "purchase") || is(event, "renewal")) return std::nullopt;
    const auto known = mrr_of_subscription(tx, event.customer_id, event.subscription_id);
    if (is(event, "churn")) {
        if (told != 0 && told != -known) warnings.emplace_back("churn_differs_from_known_mrr");
        if (told != 0) return told;
        if (known > 0) return -known;
        if (!event.subscription_id.empty()) return std::nullopt;
        return fail(ErrorCode::BadRequest, "customer_subscription_id is required.",
                    "missing_field");
    }
    if (is(event, "subscription")) {
        if (!event.mrr_impact) warnings.emplace_back("mrr_unknown");
        // A payment webhook told of this subscription first, and knows more.
        if (known != 0 && last_subscription_step(tx, event).empty()) {
            warnings.emplace_back("mrr_known_already");
            return std::nullopt;
        }
    }
    return told == 0 ? std::nullopt : std::optional(told);
}

void judge(Tx& tx, const RevenueEvent& event, std::vector<std::string>& warnings) {
    const bool has_page = !event.fingerprint.empty() || !event.session_id.empty();
    if (!has_page && !find_customer_by_external_id(tx, tx.workspace_id(), event.customer_id)) {
        warnings.emplace_back("no_visitor_or_known_customer");
    }
    const bool of_subscription =
        !is(event, "purchase") && !is(event, "refund") && !is(event, "churn");
    if (of_subscription && event.subscription_id.empty()) {
        warnings.emplace_back("no_customer_subscription_id");
    }
}

}  // namespace

Result<RecordedRevenueEvent> record_revenue_event(Tx& tx, RevenueEvent event) {
    // Whoever tells of the same payment or subscription at the same moment waits here.
    wait_advisory_lock(tx, fmt::format("revenue:{}:{}", tx.workspace_id(), event.transaction_id));
    if (!event.subscription_id.empty()) {
        wait_advisory_lock(
            tx, fmt::format("subscription:{}:{}", tx.workspace_id(), event.subscription_id));
    }
    if (const auto first = find_revenue_event(tx, event)) return told_before(*first, event);
    if (HW_TRY(is_known_step(tx, event))) return RecordedRevenueEvent{.duplicate = true};
    judge(tx, event, event.warnings);
    const auto delta = HW_TRY(mrr_delta(tx, event, event.warnings));
    std::optional<std::string> conversion_id;
    if (is(event, "refund")) HW_CHECK(book_refund(tx, event, event.warnings));
    if (event.amount > 0) conversion_id = HW_TRY(book_money(tx, event, event.warnings));
    if (delta) {
        HW_TRY(record_mrr(tx, {.movement_key = name_of(event),
                               .subscription_id = event.subscription_id,
                               .customer_key = event.customer_id,
                               .delta = *delta,
                               .currency = event.currency,
                               .at_ms = event.occurred_at_ms,
                               .source = event.payment_processor,
                               .conversion_id = conversion_id,
                               .test = event.test}));
    }
    HW_ASSERT(insert_revenue_event(tx, event));
    return RecordedRevenueEvent{.duplicate = false, .warnings = event.warnings};
}

}  // namespace hw
