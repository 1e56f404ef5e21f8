// SPDX-License-Identifier: Apache-2.0
#include "core/record_revenue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "base/email_address.hpp"
#include "base/fault.hpp"
#include "core/convert_currency.hpp"
#include "core/create_customer.hpp"
#include "core/decide_conversion.hpp"
#include "core/settle_commission.hpp"
#include "store/conversion_evidence.hpp"
#include "store/revenues.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

bool is_webhook(const RecordRevenue& input) {
    return input.source == "webhook";
}

std::string event_name(const RecordRevenue& input) {
    if (!input.event_name.empty()) return input.event_name;
    auto name = input.kind;
    HW_ASSERT(!name.empty());
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return name;
}

// By which name a buyer whom nobody has named is kept.
std::string external_id(const RecordRevenue& input) {
    if (!input.customer_external_id.empty()) return input.customer_external_id;
    if (!input.processor_customer_id.empty()) return input.processor_customer_id;
    const auto email = parse_email_address(input.customer_email.value_or(""));
    if (email) return "email:" + sha256_hex(email->normal);
    return "payment:" + input.payment_ids.front();
}

void convert(Tx& tx, Conversion& sale) {
    const auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    const auto converted =
        convert_currency(tx, sale.amount, sale.currency, workspace->currency, sale.occurred_at_ms);
    sale.converted_amount = converted.amount;
    if (converted.amount) sale.converted_currency = workspace->currency;
    sale.fx_rate = converted.rate;
    sale.fx_date = converted.rate_date;
    sale.fx_source = converted.source;
}

Conversion insert_sale(Tx& tx, const RecordRevenue& input) {
    Conversion sale;
    sale.workspace_id = tx.workspace_id();
    sale.conversion_id = tx.new_id("sale_");
    sale.kind = "purchase";
    sale.event_name = event_name(input);
    if (!input.test) sale.customer_id = find_or_create_buyer(tx, input).customer_id;
    sale.external_customer_id = external_id(input);
    sale.occurred_at_ms = input.occurred_at_ms;
    sale.amount = input.amount;
    sale.currency = input.currency;
    convert(tx, sale);
    sale.payment_processor = input.payment_processor;
    sale.invoice_id = input.payment_ids.front();
    sale.metadata = input.metadata;
    sale.told_click_id = input.evidence.click_id;
    sale.told_lead_event = input.evidence.lead_event_name;
    sale.told_code = input.evidence.code;
    sale.source = input.source;
    insert_conversion(tx, sale);
    return sale;
}

// True when some of it was not known before.
bool insert_evidence(Tx& tx, const std::string& conversion_id, const RecordRevenue& input) {
    const auto& told = input.evidence;
    const auto email = parse_email_address(input.customer_email.value_or(""));
    const Evidence all[] = {
        {std::string(kClickEvidence), told.click_id},
        {std::string(kSlugEvidence), told.link_slug},
        {std::string(kCodeEvidence), told.code},
        {std::string(kVisitorEvidence), told.visitor_fingerprint},
        {std::string(kSessionEvidence), told.session_id},
        {std::string(kEmailEvidence), email ? sha256_hex(email->normal) : ""},
        {std::string(kCustomerEvidence), input.customer_external_id},
        {std::string(kCustomerEvidence), input.processor_customer_id},
    };
    bool is_news = false;
    for (const auto& evidence : all) {
        if (evidence.value.empty()) continue;
        is_news = hw::insert_evidence(tx, conversion_id, evidence) || is_news;
    }
    return is_news;
}

bool claim_names(Tx& tx, const std::string& conversion_id, const RecordRevenue& input) {
    bool is_news = false;
    for (const auto& id : input.payment_ids) {
        const auto holder =
            claim_payment_alias(tx, tx.workspace_id(), invoice_alias(id), conversion_id);
        HW_ASSERT(!holder || *holder == conversion_id);  // locked before
        is_news = is_news || !holder;
    }
    return is_news;
}

Revenue revenue_of(const std::string& conversion_id, const RecordRevenue& input) {
    return {.conversion_id = conversion_id,
            .kind = input.kind,
            .source = input.source,
            .subscription_id = input.subscription_id,
            .processor_customer_id = input.processor_customer_id,
            .test = input.test};
}

// The conversions that go by one of the names, the oldest first: it is the one that stays.
std::set<std::string> conversions_of(Tx& tx, const RecordRevenue& input) {
    std::set<std::string> names(input.payment_ids.begin(), input.payment_ids.end());
    std::set<std::string> ids;
    for (const auto& name : names) {
        lock_payment(tx, invoice_alias(name));
        const auto id = find_payment_alias(tx, tx.workspace_id(), invoice_alias(name));
        if (id) ids.insert(*id);
    }
    return ids;
}

RecordedRevenue record_first(Tx& tx, const RecordRevenue& input) {
    const auto sale = insert_sale(tx, input);
    insert_revenue(tx, revenue_of(sale.conversion_id, input));
    claim_names(tx, sale.conversion_id, input);
    insert_evidence(tx, sale.conversion_id, input);
    const auto decided = decide_conversion(tx, {.conversion_id = sale.conversion_id});
    return {.conversion_id = sale.conversion_id,
            .is_new = true,
            .told_otherwise = false,
            .orphan = decided.after.rung == "orphan"};
}

RecordedRevenue record_again(Tx& tx, const std::string& conversion_id, const RecordRevenue& input) {
    const auto sale = find_conversion(tx, tx.workspace_id(), conversion_id);
    HW_ASSERT(sale);
    if (!find_revenue(tx, conversion_id)) insert_revenue(tx, revenue_of(conversion_id, input));
    const bool has_news = claim_names(tx, conversion_id, input);
    const bool has_evidence = insert_evidence(tx, conversion_id, input);
    if (has_news) settle_payment(tx, conversion_alias(conversion_id), "refund");
    const auto before = find_attribution(tx, tx.workspace_id(), conversion_id);
    HW_ASSERT(before);
    auto after = *before;
    if (has_evidence) after = decide_conversion(tx, {.conversion_id = conversion_id}).after;
    return {.conversion_id = conversion_id,
            .is_new = false,
            .told_otherwise = sale->amount != input.amount || sale->currency != input.currency,
            .orphan = after.rung == "orphan"};
}

// A fact is not changed: a sale of the right amount takes the place of the one that was told
// worse, with the lead that came with it. A person's word about that one stands.
std::string correct(Tx& tx, const std::string& conversion_id, const RecordRevenue& input) {
    const auto told = find_conversion(tx, tx.workspace_id(), conversion_id);
    const auto decision = find_attribution(tx, tx.workspace_id(), conversion_id);
    HW_ASSERT(told && decision);
    const bool same = told->amount == input.amount && told->currency == input.currency;
    if (same || told->source != "webhook" || decision->rung == kManualRung) return conversion_id;
    const auto sale = insert_sale(tx, input);
    insert_revenue(tx, revenue_of(sale.conversion_id, input));
    if (const auto lead_id = find_brought_lead(tx, conversion_id)) {
        insert_brought_lead(tx, sale.conversion_id, *lead_id);
    }
    void_conversion(tx, conversion_id, sale.conversion_id);
    return sale.conversion_id;
}

}  // namespace

std::optional<Customer> known_buyer(Tx& tx, const RecordRevenue& input) {
    const auto& workspace_id = tx.workspace_id();
    auto found = find_customer_by_external_id(tx, workspace_id, external_id(input));
    if (found || !input.customer_external_id.empty()) return found;
    if (!input.processor_customer_id.empty()) {
        found = find_customer_by_stripe_id(tx, workspace_id, input.processor_customer_id);
    }
    if (found || !is_webhook(input) || !input.customer_email) return found;
    found = find_only_customer_by_email(tx, workspace_id, *input.customer_email);
    // Somebody whom the processor knows by another name is another customer of its.
    const bool is_another = found && found->stripe_customer_id &&
                            !input.processor_customer_id.empty() &&
                            *found->stripe_customer_id != input.processor_customer_id;
    return is_another ? std::nullopt : found;
}

Customer find_or_create_buyer(Tx& tx, const RecordRevenue& input) {
    auto customer = known_buyer(tx, input);
    if (!customer) {
        customer = create_customer(tx,
                                   {.external_id = external_id(input),
                                    .name = input.customer_name,
                                    .email = input.customer_email,
                                    .avatar = {}},
                                   nullptr, nullptr);
    }
    const bool is_stripes = input.payment_processor == "stripe";
    if (is_stripes && !input.processor_customer_id.empty() && !customer->stripe_customer_id) {
        set_stripe_id_once(tx, *customer, input.processor_customer_id);
    }
    return *customer;
}

Result<RecordedRevenue> record_revenue(Tx& tx, const RecordRevenue& input) {
    if (input.payment_ids.empty()) {
        return fail(ErrorCode::UnprocessableEntity,
                    "Nothing names the payment: a transaction or invoice id is needed.",
                    "payment_without_name");
    }
    HW_ASSERT(input.amount > 0);
    const auto known = conversions_of(tx, input);
    if (known.empty()) return record_first(tx, input);
    auto stays = *known.begin();
    for (const auto& id : known) {
        if (id != stays) void_conversion(tx, id, stays);
    }
    if (input.corrects) stays = correct(tx, stays, input);
    return record_again(tx, stays, input);
}

void relabel_revenue(Tx& tx, std::string_view conversion_id, std::string_view kind) {
    set_revenue_kind(tx, conversion_id, kind);
}

void void_conversion(Tx& tx, const std::string& conversion_id, const std::string& into) {
    HW_ASSERT(conversion_id != into);
    void_decision(tx, conversion_id, into);
    move_payment_aliases(tx, conversion_id, into);
    for (const auto& evidence : evidence_of(tx, conversion_id)) {
        hw::insert_evidence(tx, into, evidence);
    }
    settle_payment(tx, conversion_alias(into), "refund");
    decide_conversion(tx, {.conversion_id = into});
}

}  // namespace hw
