// SPDX-License-Identifier: Apache-2.0
#include "core/tie_lone_intents.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/project_payments.hpp"

namespace hw {
namespace {

constexpr std::int64_t kHour = 3'600'000;

PaymentFact money(const std::string& kind, const std::string& id, std::int64_t at_ms) {
    PaymentFact fact;
    fact.fact_key = "evt_" + id;
    fact.kind = kind;
    fact.anchor_id = id;
    fact.at_ms = at_ms;
    fact.paid = true;
    fact.customer_id = "cus_1";
    fact.currency = "usd";
    fact.gross = fact.total = 1'190;
    fact.net = 1'000;
    if (kind == "invoice") fact.invoice_id = id;
    if (kind == "session") fact.checkout_id = id;
    if (kind == "intent") fact.intent_id = id;
    if (kind == "charge") fact.charge_id = id;
    return fact;
}

PaymentFact with(PaymentFact fact, std::string PaymentFact::* member, std::string value) {
    fact.*member = std::move(value);
    return fact;
}

PaymentFact of_amount(PaymentFact fact, std::int64_t amount) {
    fact.gross = fact.total = amount;
    return fact;
}

// The names of each payment there is, by key.
std::string payments_of(std::vector<PaymentFact> facts) {
    std::string text;
    for (const auto& payment : project_payments(facts).payments) {
        if (!text.empty()) text += " | ";
        for (const auto& id : payment.ids) text += (id == payment.ids.front() ? "" : "+") + id;
    }
    return text;
}

TEST(TieLoneIntentsTest, OnlyWhatIsAlikeIsOnePayment) {
    struct Row {
        std::string what;
        std::vector<PaymentFact> facts;
        std::string expected;
    };
    const auto intent = money("intent", "pi_1", kHour);
    const auto invoice = money("invoice", "in_1", kHour);
    const Row rows[] = {
        {"an invoice and what paid it", {intent, invoice}, "in_1+pi_1"},
        {"a checkout and what paid it", {intent, money("session", "cs_1", kHour)}, "pi_1+cs_1"},
        {"a charge without an intent", {money("charge", "ch_1", kHour), invoice}, "in_1+ch_1"},
        {"an hour later", {money("intent", "pi_1", 2 * kHour), invoice}, "in_1+pi_1"},
        {"later than that", {money("intent", "pi_1", 2 * kHour + 1), invoice}, "in_1 | pi_1"},
        {"another customer",
         {with(intent, &PaymentFact::customer_id, "cus_2"), invoice},
         "in_1 | pi_1"},
        {"nobody's",
         {with(intent, &PaymentFact::customer_id, ""),
          with(invoice, &PaymentFact::customer_id, "")},
         "in_1 | pi_1"},
        {"another currency", {with(intent, &PaymentFact::currency, "eur"), invoice}, "in_1 | pi_1"},
        {"another amount", {of_amount(intent, 1'191), invoice}, "in_1 | pi_1"},
        {"the invoice names its own",
         {intent, with(invoice, &PaymentFact::intent_id, "pi_2")},
         "in_1+pi_2 | pi_1"},
        {"the intent names its own",
         {with(intent, &PaymentFact::invoice_id, "in_2"), invoice},
         "in_1 | in_2+pi_1"},
        {"each pays one, the nearest first",
         {money("intent", "pi_1", 10), money("intent", "pi_2", 500), invoice,
          money("invoice", "in_2", 505)},
         "in_1+pi_1 | in_2+pi_2"},
        {"two intents for one invoice",
         {intent, money("intent", "pi_2", kHour + 5), invoice},
         "in_1+pi_1 | pi_2"},
        {"nothing was taken", {of_amount(intent, 0), of_amount(invoice, 0)}, ""},
    };
    for (const auto& row : rows) {
        auto facts = row.facts;
        std::ranges::sort(facts, {}, &PaymentFact::fact_key);
        do {
            EXPECT_EQ(payments_of(facts), row.expected) << row.what;
        } while (std::ranges::next_permutation(facts, {}, &PaymentFact::fact_key).found);
    }
}

}  // namespace
}  // namespace hw
