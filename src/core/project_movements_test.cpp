// SPDX-License-Identifier: Apache-2.0
#include "core/project_movements.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hw {
namespace {

std::int64_t next_number() {
    static std::int64_t last = 0;
    return ++last;
}

PaymentFact change(std::string before, std::int64_t mrr_before, std::string after,
                   std::int64_t mrr) {
    PaymentFact made;
    made.kind = "subscription";
    const auto number = next_number();
    made.fact_key = "e" + std::to_string(number);
    made.anchor_id = made.subscription_id = "sub_1";
    made.at_ms = number * 1'000;
    made.currency = "usd";
    made.status_before = std::move(before);
    made.mrr_before = mrr_before;
    made.status = std::move(after);
    made.mrr = mrr;
    made.mrr_known = true;
    return made;
}

PaymentFact ended(std::int64_t mrr, std::int64_t trial_end_ms = 0) {
    auto made = change("", 0, "canceled", mrr);
    made.kind = "subscription_ended";
    made.trial_end_ms = trial_end_ms;
    return made;
}

PaymentFact first_invoice(std::int64_t gross, std::int64_t total, std::int64_t mrr) {
    auto made = change("", 0, "", mrr);
    made.kind = "invoice";
    made.anchor_id = made.invoice_id = "in_1";
    made.reason = "subscription_create";
    made.paid = true;
    made.gross = made.net = gross;
    made.total = total;
    return made;
}

TEST(ProjectMovementsTest, Sums) {
    struct Row {
        std::string what;
        std::vector<PaymentFact> facts;
        std::int64_t expected;
    };
    const Row rows[] = {
        {"created is no money", {change("", 0, "active", 100)}, 0},
        {"paid", {change("", 0, "active", 100), first_invoice(100, 100, 90)}, 100},
        {"paid, nobody told of the subscription", {first_invoice(100, 100, 90)}, 90},
        {"a credit paid it", {first_invoice(0, 100, 90)}, 90},
        {"for nothing", {first_invoice(0, 0, 0)}, 0},
        {"upgrade", {change("active", 100, "active", 250)}, 150},
        {"downgrade", {change("active", 250, "past_due", 100)}, -150},
        {"past due counts", {change("active", 100, "past_due", 100)}, 0},
        {"unpaid does not", {change("past_due", 100, "unpaid", 100)}, -100},
        {"resumed", {change("paused", 100, "active", 120)}, 120},
        {"a trial changes", {change("trialing", 100, "trialing", 200)}, 0},
        {"a trial becomes active", {change("trialing", 100, "active", 100)}, 0},
        {"ended", {ended(100)}, -100},
        {"ended in its trial", {ended(100, 1'000'000'000)}, 0},
        {"ended after it stopped", {change("past_due", 100, "unpaid", 100), ended(100)}, -100},
        {"ended after it was resumed",
         {change("past_due", 100, "unpaid", 100), change("unpaid", 100, "active", 100), ended(100)},
         -100},
        {"never paid, and gone", {change("", 0, "incomplete", 100), ended(100)}, 0},
    };
    for (const auto& row : rows) {
        for (const bool twice : {false, true}) {
            auto facts = row.facts;
            if (twice) facts.insert(facts.end(), row.facts.begin(), row.facts.end());
            std::ranges::reverse(facts);
            std::int64_t sum = 0;
            for (const auto& movement : project_payments(facts).movements) sum += movement.delta;
            EXPECT_EQ(sum, row.expected) << row.what;
        }
    }
}

TEST(ProjectMovementsTest, OneChangeToldByTwoEvents) {
    const auto first = change("active", 100, "active", 250);
    auto second = first;
    second.fact_key = "another";
    EXPECT_EQ(project_payments(std::vector{first, second}).movements.size(), 1U);
}

}  // namespace
}  // namespace hw
