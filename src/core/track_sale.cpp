// SPDX-License-Identifier: Apache-2.0
#include "core/track_sale.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/digest.hpp"
#include "base/fault.hpp"
#include "core/book_sale.hpp"
#include "core/convert_currency.hpp"
#include "core/decide_conversion.hpp"
#include "core/match_conversion.hpp"
#include "core/run_workflows.hpp"
#include "core/track_lead.hpp"
#include "store/attribution_policies.hpp"
#include "store/attributions.hpp"
#include "store/conversion_evidence.hpp"
#include "store/outbox.hpp"
#include "store/revenues.hpp"

namespace hw {
namespace {

// How long a sale that was refused waits for its retry. Told again later it is another sale.
constexpr std::int64_t kRetryMs = 3 * kDayMs;

// Each text with its length, so that no two lists of texts give the same hash input.
std::string content_hash(std::initializer_list<std::string_view> texts) {
    std::string content;
    for (const auto text : texts) content += fmt::format("{}:{}", text.size(), text);
    return sha256_hex(content);
}

// Under what name a repeat of this request finds its conversion. A refused sale without invoice id
// is found by its content, so that the retry which the refusal asks for completes it.
std::string payment_alias(const TrackSale& input) {
    if (input.invoice_id) return "invoice:" + *input.invoice_id;
    return "refused:" +
           content_hash({input.customer.external_id, std::to_string(input.amount), input.currency,
                         input.event_name, input.payment_processor, input.metadata.value_or("")});
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
    // Whoever completes a refused sale frees its alias in the same transaction, and that may have
    // been committed between the reads above: then the request at hand tells a new sale.
    const bool is_freed =
        attribution->rung != "orphan" && !find_payment_alias(tx, tx.workspace_id(), alias);
    if (is_freed) return std::nullopt;
    return EarlierSale{std::move(*conversion), std::move(*attribution)};
}

bool is_other_sale(const TrackSale& input, const Conversion& earlier) {
    return input.amount != earlier.amount || input.currency != earlier.currency ||
           input.customer.external_id != earlier.external_customer_id;
}

TrackedSale answer_again(Tx& tx, const TrackSale& input, const EarlierSale& earlier) {
    TrackedSale tracked{.event_name = earlier.conversion.event_name,
                        .customer = {},
                        .sale = earlier.conversion,
                        .conversion_id = earlier.conversion.conversion_id,
                        .reason = {},
                        .refusal = {},
                        .told_otherwise = is_other_sale(input, earlier.conversion)};
    if (earlier.attribution.customer_id) {
        tracked.customer = find_customer(tx, tx.workspace_id(), *earlier.attribution.customer_id);
    }
    return tracked;
}

Error not_found(std::string message, const std::string& reason) {
    return {ErrorCode::NotFound, std::move(message), reason};
}

Error customer_link_disabled(const std::string& link_id, const Customer& customer,
                             const std::string& reason) {
    return not_found(fmt::format("Link {} for customer {} is disabled, sale not tracked", link_id,
                                 customer.customer_id),
                     reason);
}

// What a known customer's orphan is told. Without a lead the state of the customer's own link comes
// first, because that is what its owner can mend.
Error customer_refusal(Tx& tx, const TrackSale& input, const Customer& customer,
                       const Match& match) {
    const auto link =
        customer.link_id ? find_link(tx, tx.workspace_id(), *customer.link_id) : std::nullopt;
    if (match.reason == "link_disabled") {
        const auto is_lead = [](const Candidate& candidate) { return candidate.rung == "lead"; };
        const auto lead = std::ranges::find_if(match.candidates, is_lead);
        HW_ASSERT(lead != match.candidates.end() && lead->link_id);
        return customer_link_disabled(*lead->link_id, customer, match.reason);
    }
    if (match.reason == "link_not_found" || !link) {
        return not_found("Link not found for customer " + customer.customer_id, match.reason);
    }
    if (link->disabled_at_ms) return customer_link_disabled(link->link_id, customer, match.reason);
    return not_found(
        fmt::format("Lead event not found for externalId: {} and leadEventName: {}",
                    input.customer.external_id, input.lead_event_name.value_or("null")),
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

// Whether a link or a lead brought the customer. One who is known by a payment alone is as new to
// the links as somebody unknown.
bool came_by_link(Tx& tx, const Customer& customer) {
    return customer.link_id || find_attributed_lead(tx, tx.workspace_id(), customer.customer_id,
                                                    std::nullopt, tx.now_ms());
}

Match match_sale(Tx& tx, const TrackSale& input, const std::optional<Customer>& customer,
                 std::int64_t occurred_at_ms) {
    return match_conversion(tx, {.occurred_at_ms = occurred_at_ms,
                                 .told_click_id = input.click_id,
                                 .told_link_slug = input.link_slug,
                                 .told_code = input.discount_code,
                                 .customer = customer ? &*customer : nullptr,
                                 .lead_event_name = input.lead_event_name,
                                 .follow_lead_only = customer && came_by_link(tx, *customer),
                                 .told_customer_id = input.customer.external_id,
                                 .policy = find_attribution_policy(tx, tx.workspace_id())});
}

// A sale without a lead before it: the customer and the lead come with it.
struct Brought {
    Customer customer;
    std::optional<std::string> lead_id;
};
Brought bring_customer(Tx& tx, const TrackSale& input, std::optional<Customer> known,
                       const Match& match) {
    const auto* touch = match.touch ? &*match.touch : nullptr;
    auto customer = known ? adopt_origin(tx, std::move(*known), *match.link, touch)
                          : create_customer(tx, input.customer, &*match.link, touch);
    const LeadEvent lead{.event_name = input.lead_event_name.value_or(std::string(kDirectSaleLead)),
                         .metadata = input.metadata,
                         .quantity = 1,
                         .source = "direct",
                         .told_click_id = input.click_id,
                         .told_code = input.told_code};
    auto lead_id = record_lead(tx, lead, customer, match);
    return {std::move(customer), std::move(lead_id)};
}

// Another transaction may have told the same payment at this moment: then this one runs again and
// finds its conversion.
void claim_alias(Tx& tx, const std::string& alias, const std::string& conversion_id) {
    if (claim_payment_alias(tx, tx.workspace_id(), alias, conversion_id)) {
        throw Fault(FaultKind::Retryable, "payment alias taken meanwhile");
    }
}

Conversion insert_sale(Tx& tx, const TrackSale& input, const std::optional<Customer>& customer) {
    Conversion sale;
    sale.workspace_id = tx.workspace_id();
    sale.conversion_id = tx.new_id("sale_");
    sale.kind = "purchase";
    sale.event_name = input.event_name;
    if (customer) sale.customer_id = customer->customer_id;
    sale.external_customer_id = input.customer.external_id;
    sale.occurred_at_ms = input.occurred_at_ms.value_or(tx.now_ms());
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
    sale.told_code = input.told_code;
    insert_conversion(tx, sale);
    return sale;
}

void announce_sale(Tx& tx, const Conversion& sale, const Customer& customer, const Match& match) {
    // Before the event, whose totals count what was earned with it.
    book_sale(tx, {.sale = sale,
                   .link = *match.link,
                   .customer = customer,
                   .touch = match.touch ? &*match.touch : nullptr});
    run_workflows_of_link(tx, "saleRecorded", *match.link);
    append_outbox(tx, "sale.created", sale.conversion_id);
}

// An amount of 0 is no sale. The lead that came with it is one.
Result<TrackedSale> track_free_sale(Tx& tx, const TrackSale& input,
                                    const std::optional<Customer>& customer) {
    const auto match = match_sale(tx, input, customer, tx.now_ms());
    if (auto refusal = refusal_of(tx, input, customer, match)) {
        return std::unexpected(std::move(*refusal));
    }
    if (!match.orphan() && (!customer || !came_by_link(tx, *customer))) {
        bring_customer(tx, input, customer, match);
    }
    return TrackedSale{.event_name = input.event_name,
                       .customer = {},
                       .sale = {},
                       .conversion_id = {},
                       .reason = "amount_is_zero",
                       .refusal = {},
                       .told_otherwise = false};
}

// A payment that its processor has told before: this request says more about it.
Attribution decide_by_what_is_told(Tx& tx, const TrackSale& input, const Conversion& sale) {
    const Evidence all[] = {
        {std::string(kClickEvidence), input.click_id},
        {std::string(kSlugEvidence), input.link_slug},
        {std::string(kCodeEvidence), input.discount_code},
        {std::string(kCustomerEvidence), input.customer.external_id},
    };
    for (const auto& evidence : all) {
        if (!evidence.value.empty()) insert_evidence(tx, sale.conversion_id, evidence);
    }
    return decide_conversion(tx, {.conversion_id = sale.conversion_id}).after;
}

// What the row of the sale does not say: without it nobody could decide as this request does. By
// the customer's name an orphan is found when more becomes known.
void keep_evidence(Tx& tx, const TrackSale& input, const Conversion& sale, const Match& match) {
    const auto keep = [&](std::string_view kind, const std::string& value) {
        if (value.empty()) return;
        insert_evidence(tx, sale.conversion_id, {std::string(kind), value});
    };
    if (input.click_id != sale.told_click_id) keep(kClickEvidence, input.click_id);
    keep(kSlugEvidence, input.link_slug);
    if (input.discount_code != sale.told_code) keep(kCodeEvidence, input.discount_code);
    if (match.orphan()) keep(kCustomerEvidence, input.customer.external_id);
    keep_seen_keys(tx, sale.conversion_id, match);
}

// Where the workspace wants sales by API matched without proof as well.
TrackedSale infer(Tx& tx, TrackedSale tracked, const Conversion& sale) {
    if (!find_attribution_policy(tx, tx.workspace_id()).inferred_for_api) return tracked;
    const auto decided = decide_conversion(tx, {.conversion_id = sale.conversion_id}).after;
    if (!decided.link_id) return tracked;
    tracked.customer = find_customer(tx, tx.workspace_id(), *decided.customer_id);
    tracked.sale = sale;
    tracked.refusal.reset();
    tracked.reason.clear();
    return tracked;
}

// The sale that this request tells again, and the match as of the time it was first told.
struct Story {
    std::optional<EarlierSale> earlier;
    Match match;
};

Story story_of(Tx& tx, const TrackSale& input, const std::optional<Customer>& customer,
               std::optional<EarlierSale> earlier) {
    if (earlier && !input.invoice_id &&
        tx.now_ms() - earlier->conversion.occurred_at_ms > kRetryMs) {
        delete_payment_alias(tx, tx.workspace_id(), payment_alias(input));
        earlier.reset();
    }
    if (!earlier) return {std::nullopt, match_sale(tx, input, customer, tx.now_ms())};
    auto match = match_sale(tx, input, customer, earlier->conversion.occurred_at_ms);
    if (!match.orphan() || input.invoice_id) return {std::move(earlier), std::move(match)};
    // Nothing of what the customer had done by then explains the refused sale. What has been done
    // since may explain another one of the same content.
    auto match_now = match_sale(tx, input, customer, tx.now_ms());
    if (match_now.orphan()) return {std::move(earlier), std::move(match)};
    return {std::nullopt, std::move(match_now)};
}

}  // namespace

std::optional<Conversion> record_sale(Tx& tx, const TrackSale& input, const Customer& customer,
                                      const Match& match) {
    HW_ASSERT(!match.orphan());
    if (input.invoice_id && find_payment_alias(tx, tx.workspace_id(), payment_alias(input))) {
        return std::nullopt;
    }
    const auto sale = insert_sale(tx, input, customer);
    if (input.invoice_id) claim_alias(tx, payment_alias(input), sale.conversion_id);
    auto attribution = attribution_of(tx, match, sale.conversion_id, 1);
    attribution.customer_id = customer.customer_id;
    insert_attribution(tx, attribution);
    announce_sale(tx, sale, customer, match);
    return sale;
}

Result<TrackedSale> track_sale(Tx& tx, const TrackSale& input) {
    auto customer = find_customer_by_external_id(tx, tx.workspace_id(), input.customer.external_id);
    if (input.amount == 0) return track_free_sale(tx, input, customer);

    const auto alias = payment_alias(input);
    auto known = find_earlier_sale(tx, alias);
    if (known && find_revenue(tx, known->conversion.conversion_id)) {
        known->attribution = decide_by_what_is_told(tx, input, known->conversion);
    }
    if (known && known->attribution.rung != "orphan") {
        // The retry has come: the next equal sale without invoice id is a new one.
        if (!input.invoice_id) delete_payment_alias(tx, tx.workspace_id(), alias);
        return answer_again(tx, input, *known);
    }
    const auto [earlier, match] = story_of(tx, input, customer, std::move(known));
    TrackedSale tracked{.event_name = input.event_name,
                        .customer = {},
                        .sale = {},
                        .conversion_id = {},
                        .reason = match.reason,
                        .refusal = refusal_of(tx, input, customer, match),
                        .told_otherwise = earlier && is_other_sale(input, earlier->conversion)};
    std::optional<std::string> lead_id;
    if (!match.orphan() && (!customer || !came_by_link(tx, *customer))) {
        auto brought = bring_customer(tx, input, std::move(customer), match);
        customer = std::move(brought.customer);
        lead_id = std::move(brought.lead_id);
    }

    const auto sale = earlier ? earlier->conversion : insert_sale(tx, input, customer);
    tracked.conversion_id = sale.conversion_id;
    if (lead_id) insert_brought_lead(tx, sale.conversion_id, *lead_id);
    if (!earlier && (input.invoice_id || tracked.refusal)) {
        claim_alias(tx, alias, sale.conversion_id);
    }
    const bool news = !earlier || !match.orphan() || match.reason != earlier->attribution.reason;
    if (news) {
        auto attribution = attribution_of(tx, match, sale.conversion_id,
                                          earlier ? earlier->attribution.seq + 1 : 1);
        if (customer) attribution.customer_id = customer->customer_id;
        insert_attribution(tx, attribution);
    }
    keep_evidence(tx, input, sale, match);
    if (match.orphan()) return infer(tx, std::move(tracked), sale);

    announce_sale(tx, sale, *customer, match);
    // The next equal sale without invoice id is a new one.
    if (earlier && !input.invoice_id) delete_payment_alias(tx, tx.workspace_id(), alias);
    tracked.customer = std::move(customer);
    tracked.sale = sale;
    return tracked;
}

}  // namespace hw
