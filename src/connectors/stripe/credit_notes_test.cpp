// SPDX-License-Identifier: Apache-2.0
// What credit notes give back, beside the events of the refunds that they made.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "connectors/stripe/parse_event.hpp"
#include "core/project_payments.hpp"

namespace hw::stripe {
namespace {

std::string event(const std::string& type, int number, const std::string& object) {
    return fmt::format(R"({{"id":"evt_{}","object":"event","created":{},"livemode":true,)"
                       R"("type":"{}","data":{{"object":{}}}}})",
                       number, 1'760'000'000 + number, type, object);
}

std::string note(const std::string& type, int number, const std::string& rest) {
    return event("credit_note." + type, number,
                 R"({"id":"cn_1","object":"credit_note","currency":"usd","created":1760000100,)"
                 R"("invoice":"in_1","customer":"cus_1",)" +
                     rest + "}");
}

std::string refund(int number, const std::string& id, int amount, const std::string& status) {
    return event("refund.created", number,
                 fmt::format(R"({{"id":"{}","object":"refund","currency":"usd","amount":{},)"
                             R"("charge":"ch_1","payment_intent":"pi_1","status":"{}"}})",
                             id, amount, status));
}

std::string by_refunds(int number, int first, int outside = 0) {
    return note("created", number,
                fmt::format(R"("type":"post_payment","status":"issued","out_of_band_amount":{},)"
                            R"("refunds":[{{"amount_refunded":{},"refund":"re_1"}}])",
                            outside, first));
}

// Of an invoice of 11.90, 10.00 without tax, paid by ch_1.
std::vector<std::string> sale() {
    return {event("invoice.paid", 1,
                  R"({"id":"in_1","object":"invoice","currency":"usd","customer":"cus_1",)"
                  R"("amount_paid":1190,"total":1190,"total_excluding_tax":1000,)"
                  R"("status_transitions":{"paid_at":1760000001},"billing_reason":"manual"})"),
            event("invoice_payment.paid", 2,
                  R"({"id":"inpay_1","invoice":"in_1","payment":{"type":"payment_intent",)"
                  R"("payment_intent":"pi_1"}})")};
}

TEST(CreditNotesTest, WhatGoesBack) {
    const auto charge = event("charge.refunded", 9,
                              R"({"id":"ch_1","currency":"usd","amount_captured":1190,)"
                              R"("amount_refunded":595,"payment_intent":"pi_1"})");
    const auto outside = note("created", 3,
                              R"("type":"post_payment","status":"issued","refunds":[],)"
                              R"("out_of_band_amount":595)");
    struct Row {
        std::string what;
        std::vector<std::string> events;
        std::int64_t expected;  // of 1000
    };
    const Row rows[] = {
        {"before the payment",
         {note("created", 3, R"("type":"pre_payment","status":"issued","refunds":[])")},
         0},
        {"to the customer's balance",
         {note("created", 3,
               R"("type":"post_payment","status":"issued","refunds":[],"out_of_band_amount":null,)"
               R"("customer_balance_transaction":"cbtxn_1")")},
         0},
        {"by a refund that nobody else tells", {by_refunds(3, 595)}, 500},
        {"by a refund that is told too",
         {by_refunds(3, 595), refund(4, "re_1", 595, "succeeded")},
         500},
        {"and by its charge",
         {by_refunds(3, 595), refund(4, "re_1", 595, "succeeded"), charge},
         500},
        {"a share of the refund", {by_refunds(3, 200), refund(4, "re_1", 595, "succeeded")}, 500},
        {"the refund failed", {by_refunds(3, 595), refund(4, "re_1", 595, "failed")}, 0},
        {"outside", {outside}, 500},
        {"outside, told twice",
         {outside,
          note("updated", 4,
               R"("type":"post_payment","status":"issued","refunds":[],"out_of_band_amount":595)")},
         500},
        {"outside, and void",
         {outside,
          note("voided", 4,
               R"("type":"post_payment","status":"void","refunds":[],"out_of_band_amount":595)")},
         0},
        {"both, and the charge knows of one", {by_refunds(3, 595, 595), charge}, 1'000},
    };
    for (const auto& row : rows) {
        auto bodies = sale();
        bodies.insert(bodies.end(), row.events.begin(), row.events.end());
        std::ranges::sort(bodies);
        do {
            std::vector<PaymentFact> facts;
            for (const auto& body : bodies) {
                const auto told = parse_event(body);
                ASSERT_TRUE(told) << body;
                facts.insert(facts.end(), told->begin(), told->end());
            }
            const auto payments = project_payments(facts).payments;
            ASSERT_EQ(payments.size(), 1U) << row.what;
            ASSERT_EQ(payments.front().net_refunded(), row.expected) << row.what;
        } while (std::ranges::next_permutation(bodies).found);
    }
}

TEST(CreditNotesTest, WhatCannotBeRead) {
    const auto odd = parse_event(note("created", 3,
                                      R"("refunds":[7,{"refund":null},{"refund":"re_1"}],)"
                                      R"("out_of_band_amount":"a lot")"));
    ASSERT_TRUE(odd);
    ASSERT_EQ(odd->size(), 1U);
    EXPECT_EQ(odd->front().gross, 0);
    EXPECT_FALSE(parse_event(note("created", 3, R"("out_of_band_amount":9000000000000000)")));
}

}  // namespace
}  // namespace hw::stripe
