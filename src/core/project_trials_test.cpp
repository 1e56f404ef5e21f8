// SPDX-License-Identifier: Apache-2.0
#include "core/project_trials.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/project_payments.hpp"

namespace hw {
namespace {

PaymentFact fact(const std::string& kind, const std::string& anchor, std::int64_t at_ms,
                 const std::string& status = "") {
    PaymentFact made;
    made.fact_key = kind + anchor + status;
    made.kind = kind;
    made.anchor_id = anchor;
    made.at_ms = at_ms;
    made.status = status;
    made.customer_id = "cus_1";
    if (kind == "customer") made.customer_id = anchor;
    if (anchor.starts_with("sub_")) made.subscription_id = anchor;
    return made;
}

std::string trials_of(const std::vector<PaymentFact>& facts) {
    std::string text;
    for (const auto& trial : project_payments(facts).trials) {
        text += trial.subscription_id + "@" + std::to_string(trial.at_ms) + " " +
                trial.customer_id + " " + trial.email + " " + trial.external_id + " " +
                trial.evidence.link_slug + (trial.test ? " test" : "") + ";";
    }
    return text;
}

TEST(ProjectTrialsTest, WhoBeganOne) {
    const auto trial = fact("subscription", "sub_1", 5, "trialing");
    auto told_by_itself = trial;
    told_by_itself.evidence.link_slug = "own";
    auto session = fact("session", "cs_1", 4);
    session.subscription_id = "sub_1";
    session.evidence.link_slug = "of_session";
    session.email = "ada@example.com";
    auto customer = fact("customer", "cus_1", 1);
    customer.evidence.customer_external_id = "user_1";
    customer.evidence.link_slug = "of_customer";
    auto test = trial;
    test.test = true;
    struct Row {
        std::string what;
        std::vector<PaymentFact> facts;
        std::string expected;
    };
    const Row rows[] = {
        {"none", {fact("subscription", "sub_1", 5, "active")}, ""},
        {"over by now", {trial, fact("subscription", "sub_1", 9, "active")}, "sub_1@5 cus_1   ;"},
        {"told twice", {fact("subscription", "sub_1", 7, "trialing"), trial}, "sub_1@5 cus_1   ;"},
        {"a snapshot", {fact("subscription_state", "sub_1", 5, "trialing")}, "sub_1@5 cus_1   ;"},
        {"its own word first", {told_by_itself, session}, "sub_1@5 cus_1 ada@example.com  own;"},
        {"the session's next",
         {trial, session, customer},
         "sub_1@5 cus_1 ada@example.com user_1 of_session;"},
        {"the customer's", {trial, customer}, "sub_1@5 cus_1  user_1 of_customer;"},
        {"two",
         {trial, fact("subscription", "sub_2", 6, "trialing")},
         "sub_1@5 cus_1   ;sub_2@6 cus_1   ;"},
        {"no real one", {test}, "sub_1@5 cus_1    test;"},
    };
    for (const auto& row : rows) {
        auto facts = row.facts;
        std::ranges::sort(facts, {}, &PaymentFact::at_ms);
        do {
            EXPECT_EQ(trials_of(facts), row.expected) << row.what;
        } while (std::ranges::next_permutation(facts, {}, &PaymentFact::at_ms).found);
    }
}

}  // namespace
}  // namespace hw
