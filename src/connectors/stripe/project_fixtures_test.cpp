// SPDX-License-Identifier: Apache-2.0
// Every fixture of an event, and sets of them in every order, against what they must amount to.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <random>
#include <set>

#include "connectors/stripe/event_fields.hpp"
#include "connectors/stripe/parse_event.hpp"
#include "core/project_payments.hpp"
#include "tests/fixture/stripe_fixtures.hpp"

namespace hw::stripe {
namespace {

std::vector<PaymentFact> facts_of(const std::string& file) {
    const auto facts = parse_event(read_fixture(file));
    EXPECT_TRUE(facts) << file;
    return facts ? *facts : std::vector<PaymentFact>{};
}

// What must be known besides for the event to mean what it is expected to.
std::vector<std::string> context_of(const std::string& file) {
    static const std::map<std::string, std::string> kContext{
        {"invoice_paid_first_after_trial.json", "customer_subscription_created_trialing.json"},
        // A session does not tell how often it will be billed.
        {"checkout_completed_subscription.json", "invoice_paid_subscription_create.json"},
        {"invoice_paid_subscription_update_proration.json",
         "customer_subscription_updated_upgrade.json"},
    };
    const auto found = kContext.find(file);
    if (found == kContext.end()) return {file};
    return {file, found->second};
}

using Sums = std::map<std::string, std::int64_t>;

struct Totals {
    Sums events;
    Sums revenue;
    Sums mrr;
    bool operator==(const Totals&) const = default;
};

std::string event_of(const ProjectedMovement& movement) {
    if (movement.kind == "end" || movement.kind == "stop") return "churn";
    return movement.kind;
}

Totals totals_of(const PaymentProjection& projection) {
    Totals totals;
    Sums moved;
    for (const auto& payment : projection.payments) {
        auto& sum = totals.revenue[payment.currency];
        if (payment.paid) {
            ++totals.events[payment.kind];
            sum += payment.net;
        }
        sum -= payment.net_refunded();
        for (const auto& dispute : payment.disputes) {
            if (dispute.state == "lost") sum -= dispute.amount;
        }
    }
    for (const auto& movement : projection.movements) {
        totals.mrr[movement.currency] += movement.delta;
        if (movement.kind != "start") ++moved[event_of(movement)];
    }
    // The invoice of an upgrade and its event are one.
    for (const auto& [event, count] : moved) {
        totals.events[event] = std::max(totals.events[event], count);
    }
    return totals;
}

Sums sums_of(const json::object& object) {
    Sums sums;
    for (const auto& member : object) sums[member.key()] = member.value().as_int64();
    return sums;
}

std::string text_of(const Totals& totals) {
    std::string text;
    for (const auto& part : {totals.events, totals.revenue, totals.mrr}) {
        for (const auto& [name, count] : part) text += name + "=" + std::to_string(count) + " ";
        text += "| ";
    }
    return text;
}

std::string text_of(const PaymentProjection& projection) {
    std::string text;
    for (const auto& payment : projection.payments) {
        text += payment.key + " " + payment.kind + " " + std::to_string(payment.net) + " " +
                payment.evidence.link_slug + " " + payment.email + " " + payment.customer_id + " " +
                payment.external_id + " " + payment.subscription_id + " " +
                std::to_string(payment.refunded) + " " + std::to_string(payment.paid_at_ms) + " " +
                payment.metadata;
        for (const auto& id : payment.ids) text += " " + id;
        text += "\n";
    }
    for (const auto& movement : projection.movements) {
        text += movement.key + " " + movement.kind + " " + std::to_string(movement.delta) + " " +
                std::to_string(movement.at_ms) + " " + movement.customer_id + "\n";
    }
    return text;
}

void check_payment(const json::object& expect, const ProjectedPayment& payment,
                   const std::string& file) {
    const auto currency = std::string(expect.at("currency").as_string());
    const auto amount = wire_amount(expect.at("amount").as_int64(), currency);
    ASSERT_TRUE(amount);
    EXPECT_TRUE(payment.paid) << file;
    EXPECT_EQ(payment.kind, expect.at("revenue_event").as_string()) << file;
    EXPECT_EQ(payment.net, *amount) << file;
    EXPECT_EQ(payment.currency, currency) << file;
    EXPECT_EQ(payment.key, expect.at("dedup").as_string()) << file;
    struct Row {
        const char* name;
        std::int64_t seen;
    };
    for (const auto& [name, seen] : {Row{"tax", payment.tax}, Row{"gross", payment.gross},
                                     Row{"discount", payment.discount}}) {
        if (const auto* value = expect.if_contains(name)) {
            EXPECT_EQ(seen, value->as_int64()) << file;
        }
    }
    if (const auto* value = expect.if_contains("email")) {
        EXPECT_EQ(payment.email, value->as_string()) << file;
    }
    if (const auto* value = expect.if_contains("customer")) {
        EXPECT_EQ(payment.customer_id, value->as_string()) << file;
    }
    if (const auto* value = expect.if_contains("subscription")) {
        EXPECT_EQ(payment.subscription_id, value->as_string()) << file;
    }
}

void check_movement(const json::object& expect, const PaymentProjection& projection,
                    const std::string& file) {
    const auto* impact = expect.if_contains("mrr_impact");
    if (impact == nullptr) return;
    std::int64_t sum = 0;
    for (const auto& movement : projection.movements) sum += movement.delta;
    EXPECT_EQ(sum, impact->as_int64()) << file;
}

// A fixture by itself: what it is expected to mean.
void check_fixture(const json::object& row) {
    const std::string file(row.at("file").as_string());
    const auto& expect = row.at("expect").as_object();
    std::vector<PaymentFact> facts;
    for (const auto& each : context_of(file))
        std::ranges::move(facts_of(each), std::back_inserter(facts));
    const auto projection = project_payments(facts);
    const auto& event = expect.at("revenue_event");
    check_movement(expect, projection, file);
    if (const auto* external = expect.if_contains("identify")) {
        ASSERT_EQ(projection.customers.size(), 1U) << file;
        const auto& told = external->as_object();
        EXPECT_EQ(projection.customers.front().customer_id, told.at("customer").as_string());
        EXPECT_EQ(projection.customers.front().external_id, "user_42") << file;
    }
    if (event.is_null()) {
        const bool same_money = expect.contains("dedup") || file.contains("dup_other");
        // An intent alone is money, too, though nobody books it at once.
        const auto is_told = [](const ProjectedPayment& each) { return each.paid && !each.bare; };
        if (!same_money) {
            EXPECT_EQ(std::ranges::count_if(projection.payments, is_told), 0) << file;
        }
        return;
    }
    if (event == "refund") {
        const bool lost =
            expect.contains("refund_type") && expect.at("refund_type") == "chargeback";
        ASSERT_EQ(projection.payments.size(), 1U) << file;
        const auto& payment = projection.payments.front();
        const auto back = lost ? payment.disputes.front().amount : payment.refunded;
        // An event about a charge sums up what went back before.
        const auto expected =
            file == "charge_refunded_partial_2_full.json" ? -4999 : expect.at("amount").as_int64();
        EXPECT_EQ(-back, expected) << file;
        if (const auto* target = expect.if_contains("target")) {
            EXPECT_EQ(payment.key, target->as_string()) << file;
        }
        return;
    }
    if (expect.at("amount").as_int64() == 0) {
        EXPECT_EQ(projection.movements.size(), 1U) << file;
        return;
    }
    ASSERT_EQ(projection.payments.size(), 1U) << file;
    check_payment(expect, projection.payments.front(), file);
}

TEST(ProjectFixturesTest, EachAlone) {
    const auto manifest = read_fixture_json("manifest.json");
    ASSERT_EQ(manifest.at("fixtures").as_array().size(), 43U);
    for (const auto& row : manifest.at("fixtures").as_array()) check_fixture(row.as_object());
}

// All orders, or a sample of them where there are too many; everything is told twice.
template <class F>
void in_orders(std::vector<std::string> files, F check) {
    constexpr std::size_t kOrdersMax = 720;
    std::ranges::sort(files);
    std::size_t orders = 1;
    for (std::size_t i = 2; i <= files.size(); ++i) orders *= i;
    if (orders <= kOrdersMax) {
        do {
            check(files);
        } while (std::ranges::next_permutation(files).found);
        return;
    }
    const auto seed = std::random_device{}();
    std::mt19937 random(seed);
    SCOPED_TRACE("seed " + std::to_string(seed));
    for (std::size_t i = 0; i < kOrdersMax; ++i) {
        std::ranges::shuffle(files, random);
        check(files);
    }
}

TEST(ProjectFixturesTest, ScenariosInEveryOrder) {
    const auto scenarios = read_fixture_json("scenarios.json");
    for (const auto& scenario : scenarios.at("scenarios").as_array()) {
        std::vector<std::string> files;
        std::map<std::string, std::vector<PaymentFact>> told;
        for (const auto& file : scenario.at("files").as_array()) {
            files.emplace_back(file.as_string());
            told[files.back()] = facts_of(files.back());
        }
        const auto& totals = scenario.at("totals").as_object();
        Totals expected;
        if (totals.contains("events")) expected.events = sums_of(totals.at("events").as_object());
        expected.revenue = sums_of(totals.at("revenue").as_object());
        expected.mrr = sums_of(totals.at("mrr").as_object());
        std::set<std::string> seen;
        in_orders(files, [&](const std::vector<std::string>& order) {
            std::vector<PaymentFact> facts;
            for (int twice = 0; twice < 2; ++twice) {
                for (const auto& file : order) {
                    facts.insert(facts.end(), told[file].begin(), told[file].end());
                }
            }
            seen.insert(text_of(project_payments(facts)));
            const auto sums = totals_of(project_payments(facts));
            ASSERT_EQ(text_of(sums), text_of(expected)) << scenario.at("name").as_string();
        });
        EXPECT_EQ(seen.size(), 1U) << scenario.at("name").as_string() << *seen.begin();
    }
}

}  // namespace
}  // namespace hw::stripe
