// SPDX-License-Identifier: Apache-2.0
#include "core/track_sale.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/fault.hpp"
#include "core/convert_currency.hpp"
#include "core/match_conversion.hpp"
#include "core/rollups.hpp"
#include "core/track_lead.hpp"
#include "store/attributions.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

// Under what name a repeat of this request finds its conversion. A refused sale without invoice id
// is found by its content, so that the retry which the refusal asks for completes it.
std::string payment_alias(const TrackSale& input) {
    if (input.invoice_id) return "invoice:" + *input.invoice_id;
    return "refused:" +
           sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", input.customer.external_id,
                                  input.amount, input.currency, input.event_name,
                                  input.payment_processor, input.metadata.value_or("")));
}

struct EarlierSale {
    Conversion conversion;
    Attribution attribution;
};

std::optional<EarlierSale> find_earlier_sale(Tx& tx, const std::string& alias) {
    const auto id = find_payment_alias(tx, tx.workspace_id(), alias);
    if (!id) return std::nullopt;
    auto conversion = find_conversion(tx, tx.workspace_id(), *id);
    auto attribution = find_attribution(tx, tx.workspace_id(), *id);
    HW_ASSERT(conversion && attribution);
    return EarlierSale{std::move(*conversion), std::move(*attribution)};
}

TrackedSale answer_again(Tx& tx, const EarlierSale& earlier) {
    TrackedSale tracked{.event_name = earlier.conversion.event_name,
                        .customer = {},
                        .sale = earlier.conversion,
                        .conversion_id = earlier.conversion.conversion_id,
                        .reason = {},
                        .refusal = {}};
    if (earlier.attribution.customer_id) {
        tracked.customer = find_customer(tx, tx.workspace_id(), *earlier.attribution.customer_id);
    }
    return tracked;
}

Error not_found(std::string message, const std::string& reason) {
    return {ErrorCode::NotFound, std::move(message), reason};
}

// What a known customer's orphan is told. The customer's own link is named first.
Error customer_refusal(Tx& tx, const TrackSale& input, const Customer& customer,
                       const Match& match) {
    const auto link =
        customer.link_id ? find_link(tx, tx.workspace_id(), *customer.link_id) : std::nullopt;
    if (!link) {
        return not_found("Link not found for customer " + customer.customer_id, match.reason);
    }
    if (match.reason == "lead_not_found" && !link->disabled_at_ms) {
        return not_found(
            fmt::format("Lead event not found for externalId: {} and leadEventName: {}",
                        input.customer.external_id, input.lead_event_name.value_or("null")),
            match.reason);
    }
    return not_found(fmt::format("Link {} for customer {} is disabled, sale not tracked",
                                 link->link_id, customer.customer_id),
                     match.reason);
}

// What an unknown customer's orphan with a click id is told.
Error click_refusal(Tx& tx, const TrackSale& input, const Match& match) {
    if (match.reason == "link_not_found") {
        return not_found("Link not found for clickId: " + input.click_id, match.reason);
    }
    if (match.reason == "link_disabled") {
        const auto touch = find_touch(tx, tx.workspace_id(), input.click_id);
        return not_found(fmt::format("Link {} for clickId {} is disabled, sale not tracked",
                                     touch ? touch->link_id : "", input.click_id),
                         match.reason);
    }
    return not_found("Click event not found for clickId: " + input.click_id, match.reason);
}

std::optional<Error> refusal_of(Tx& tx, const TrackSale& input,
                                const std::optional<Customer>& customer, const Match& match) {
    if (!match.orphan()) return std::nullopt;
    if (customer) return customer_refusal(tx, input, *customer, match);
    if (!input.click_id.empty()) return click_refusal(tx, input, match);
    return std::nullopt;  // neither customer nor click: told 200 with nulls
}

Match match_sale(Tx& tx, const TrackSale& input, const std::optional<Customer>& customer,
                 std::int64_t occurred_at_ms) {
    return match_conversion(tx, {.occurred_at_ms = occurred_at_ms,
                                 .told_click_id = input.click_id,
                                 .told_link_slug = input.link_slug,
                                 .customer = customer ? &*customer : nullptr,
                                 .lead_event_name = input.lead_event_name,
                                 .follow_lead_only = customer.has_value()});
}

// A sale without a lead before it: the customer and the lead come with it.
Customer create_customer_with_lead(Tx& tx, const TrackSale& input, const Match& match) {
    auto customer =
        create_customer(tx, input.customer, *match.link, match.touch ? &*match.touch : nullptr);
    const LeadEvent lead{.event_name = input.lead_event_name.value_or(std::string(kDirectSaleLead)),
                         .metadata = input.metadata,
                         .quantity = 1,
                         .source = "direct"};
    record_lead(tx, lead, customer, input.click_id, input.link_slug);
    return customer;
}

Conversion insert_sale(Tx& tx, const TrackSale& input, const std::optional<Customer>& customer,
                       const std::string& alias) {
    Conversion sale;
    sale.workspace_id = tx.workspace_id();
    sale.conversion_id = tx.new_id("sale_");
    sale.kind = "purchase";
    sale.event_name = input.event_name;
    if (customer) sale.customer_id = customer->customer_id;
    sale.external_customer_id = input.customer.external_id;
    sale.occurred_at_ms = tx.now_ms();
    sale.amount = input.amount;
    sale.currency = input.currency;
    const auto converted = convert_currency(tx, input.amount, input.currency,
                                            input.reporting_currency, sale.occurred_at_ms);
    sale.converted_amount = converted.amount;
    if (converted.amount) sale.converted_currency = input.reporting_currency;
    sale.fx_rate = converted.rate;
    sale.fx_date = converted.rate_date;
    sale.fx_source = converted.source;
    sale.payment_processor = input.payment_processor;
    sale.invoice_id = input.invoice_id;
    sale.metadata = input.metadata;
    sale.told_click_id = input.click_id;
    sale.told_lead_event = input.lead_event_name.value_or("");
    if (input.invoice_id && claim_payment_alias(tx, tx.workspace_id(), alias, sale.conversion_id)) {
        // Another transaction has just told the same payment: run again and find its conversion.
        throw Fault(FaultKind::Retryable, "payment alias taken meanwhile");
    }
    insert_conversion(tx, sale);
    return sale;
}

void book_sale(Tx& tx, const Conversion& sale, const Customer& customer, const Match& match) {
    const auto amount = sale.converted_amount.value_or(0);
    count_sale(tx, match.touch ? &*match.touch : nullptr,
               {.link_id = match.link->link_id,
                .at_ms = sale.occurred_at_ms,
                .amount = amount,
                .first_conversion =
                    claim_first_sale(tx, customer, match.link->link_id, sale.conversion_id)});
    add_customer_sale(tx, customer, amount, sale.occurred_at_ms);
    append_outbox(tx, "sale.created", sale.conversion_id);
}

// An amount of 0 is no sale. The lead that came with it is one.
Result<TrackedSale> track_free_sale(Tx& tx, const TrackSale& input,
                                    const std::optional<Customer>& customer) {
    const auto match = match_sale(tx, input, customer, tx.now_ms());
    if (auto refusal = refusal_of(tx, input, customer, match)) {
        return std::unexpected(std::move(*refusal));
    }
    if (!customer && !match.orphan()) create_customer_with_lead(tx, input, match);
    return TrackedSale{.event_name = input.event_name,
                       .customer = {},
                       .sale = {},
                       .conversion_id = {},
                       .reason = "amount_is_zero",
                       .refusal = {}};
}

}  // namespace

Result<TrackedSale> track_sale(Tx& tx, const TrackSale& input) {
    auto customer = find_customer_by_external_id(tx, tx.workspace_id(), input.customer.external_id);
    if (input.amount == 0) return track_free_sale(tx, input, customer);

    const auto alias = payment_alias(input);
    const auto earlier = find_earlier_sale(tx, alias);
    if (earlier && earlier->attribution.rung != "orphan") return answer_again(tx, *earlier);

    const auto occurred_at_ms = earlier ? earlier->conversion.occurred_at_ms : tx.now_ms();
    const auto match = match_sale(tx, input, customer, occurred_at_ms);
    TrackedSale tracked{.event_name = input.event_name,
                        .customer = {},
                        .sale = {},
                        .conversion_id = {},
                        .reason = match.reason,
                        .refusal = refusal_of(tx, input, customer, match)};
    if (!match.orphan() && !customer) customer = create_customer_with_lead(tx, input, match);

    const auto sale = earlier ? earlier->conversion : insert_sale(tx, input, customer, alias);
    tracked.conversion_id = sale.conversion_id;
    if (tracked.refusal && !earlier && !input.invoice_id) {
        claim_payment_alias(tx, tx.workspace_id(), alias, sale.conversion_id);
    }
    const bool news = !earlier || !match.orphan() || match.reason != earlier->attribution.reason;
    if (news) {
        auto attribution = attribution_of(tx, match, sale.conversion_id,
                                          earlier ? earlier->attribution.seq + 1 : 1);
        if (customer) attribution.customer_id = customer->customer_id;
        insert_attribution(tx, attribution);
    }
    if (match.orphan()) return tracked;

    book_sale(tx, sale, *customer, match);
    // The next equal sale without invoice id is a new one.
    if (earlier && !input.invoice_id) delete_payment_alias(tx, tx.workspace_id(), alias);
    tracked.customer = std::move(customer);
    tracked.sale = sale;
    return tracked;
}

}  // namespace hw
