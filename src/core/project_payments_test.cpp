// SPDX-License-Identifier: Apache-2.0
#include "core/project_payments.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hw {
namespace {

PaymentFact fact(std::string key, std::string kind, std::string anchor, std::int64_t at_ms) {
    PaymentFact made;
    made.fact_key = std::move(key);
    made.kind = std::move(kind);
    made.anchor_id = std::move(anchor);
    made.at_ms = at_ms;
    made.currency = "usd";
    return made;
}

PaymentFact charge(std::string key, std::int64_t refunded, std::int64_t at_ms) {
    auto made = fact(std::move(key), "charge", "ch_1", at_ms);
    made.charge_id = "ch_1";
    made.gross = refunded;
    return made;
}

PaymentFact refund(std::string key, std::string id, std::int64_t amount, std::int64_t at_ms,
                   std::string status = "succeeded") {
    auto made = fact(std::move(key), "refund", std::move(id), at_ms);
    made.charge_id = "ch_1";
    made.gross = amount;
    made.status = std::move(status);
    return made;
}

PaymentFact paid_session(std::int64_t gross, std::int64_t tax) {
    auto made = fact("e_cs", "session", "cs_1", 50);
    made.checkout_id = "cs_1";
    made.intent_id = "pi_1";
    made.paid = true;
    made.reason = "payment";
    made.gross = made.total = gross;
    made.tax = tax;
    made.net = gross - tax;
    return made;
}

TEST(ProjectPaymentsTest, Refunds) {
    struct Row {
        std::string what;
        std::vector<PaymentFact> facts;
        std::int64_t expected;
    };
    const Row rows[] = {
        {"the charge alone", {charge("a", 300, 10), charge("b", 700, 20)}, 700},
        {"the refunds alone", {refund("a", "re_1", 300, 10), refund("b", "re_2", 400, 20)}, 700},
        {"one refund told by three",
         {charge("a", 300, 10), refund("b", "re_1", 300, 9), refund("c", "re_1", 300, 9)},
         300},
        {"the charge is late",
         {charge("a", 300, 10), refund("b", "re_1", 300, 9), refund("c", "re_2", 400, 20)},
         700},
        {"pending counts", {refund("a", "re_1", 300, 9, "pending")}, 300},
        {"it failed",
         {refund("a", "re_1", 300, 9, "pending"), refund("b", "re_1", 300, 9, "failed")},
         0},
        {"it failed, and the charge had it",
         {charge("a", 700, 10), refund("b", "re_1", 300, 9, "failed"), refund("c", "re_2", 400, 8)},
         400},
        {"it failed, and the charge is older",
         {charge("a", 400, 8), refund("b", "re_1", 300, 9, "canceled")},
         400},
        {"nothing", {charge("a", 0, 8)}, 0},
    };
    for (const auto& row : rows) {
        const auto projection = project_payments(row.facts);
        const auto seen = projection.payments.empty() ? 0 : projection.payments.front().refunded;
        EXPECT_EQ(seen, row.expected) << row.what;
    }
}

TEST(ProjectPaymentsTest, TheNetShareOfARefund) {
    struct Row {
        std::int64_t refunded;
        std::int64_t expected;
    };
    for (const auto& [refunded, expected] :
         {Row{0, 0}, Row{1'190, 1'000}, Row{595, 500}, Row{1, 1}, Row{9'999, 1'000}}) {
        ProjectedPayment payment;
        payment.paid = true;
        payment.gross = 1'190;
        payment.net = 1'000;
        payment.refunded = refunded;
        EXPECT_EQ(payment.net_refunded(), expected) << refunded;
    }
}

TEST(ProjectPaymentsTest, NamesJoinWhatIsOne) {
    auto invoice = fact("e_in", "invoice", "in_1", 60);
    invoice.invoice_id = "in_1";
    invoice.paid = true;
    invoice.gross = invoice.total = 1'190;
    invoice.tax = 190;
    invoice.net = 1'000;
    const auto session = paid_session(1'190, 190);
    EXPECT_EQ(project_payments(std::vector{session, invoice}).payments.size(), 2U);
    auto join = fact("e_join", "join", "inpay_1", 61);
    join.invoice_id = "in_1";
    join.intent_id = "pi_1";
    const auto joined = project_payments(std::vector{session, invoice, join}).payments;
    ASSERT_EQ(joined.size(), 1U);
    EXPECT_EQ(joined.front().key, "in:in_1");
    EXPECT_EQ(joined.front().ids, (std::vector<std::string>{"in_1", "pi_1", "cs_1"}));
    EXPECT_EQ(joined.front().paid_at_ms, 50);  // as the checkout says
}

TEST(ProjectPaymentsTest, TheBestSourceOfEvidenceFirst) {
    auto session = paid_session(100, 0);
    session.customer_id = "cus_1";
    session.evidence.link_slug = "of_session";
    auto customer = fact("e_cus", "customer", "cus_1", 1);
    customer.customer_id = "cus_1";
    customer.email = "ada@example.com";
    customer.evidence.link_slug = "of_customer";
    customer.evidence.customer_external_id = "user_1";
    auto other = customer;
    other.fact_key = "e_other";
    other.customer_id = other.anchor_id = "cus_2";
    other.evidence.click_id = "not mine";
    const auto payments = project_payments(std::vector{other, customer, session}).payments;
    ASSERT_EQ(payments.size(), 1U);
    EXPECT_EQ(payments.front().evidence.link_slug, "of_session");
    EXPECT_EQ(payments.front().evidence.click_id, "");
    EXPECT_EQ(payments.front().external_id, "user_1");
    EXPECT_EQ(payments.front().email, "ada@example.com");
}

TEST(ProjectPaymentsTest, AVerdictOutranksItsDispute) {
    std::vector<PaymentFact> facts;
    for (const auto* state : {"lost", "open", "won"}) {
        auto dispute = fact(state, "dispute", "du_1", 5);
        dispute.charge_id = "ch_1";
        dispute.status = state;
        dispute.gross = 100;
        facts.push_back(dispute);
    }
    std::ranges::sort(facts, {}, &PaymentFact::fact_key);
    do {
        const auto payments = project_payments(facts).payments;
        ASSERT_EQ(payments.size(), 1U);
        ASSERT_EQ(payments.front().disputes.size(), 1U);
        EXPECT_EQ(payments.front().disputes.front().state, "lost");
    } while (std::ranges::next_permutation(facts, {}, &PaymentFact::fact_key).found);
}

}  // namespace
}  // namespace hw
