// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/parse_event.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "connectors/stripe/event_fields.hpp"
#include "tests/fixture/stripe_fixtures.hpp"

namespace hw::stripe {
namespace {

std::string event(const std::string& type, const std::string& object) {
    return R"({"id":"evt_1","object":"event","created":1760000000,"livemode":true,"type":")" +
           type + R"(","data":{"object":)" + object + "}}";
}

TEST(ParseEventTest, Head) {
    struct Row {
        std::string body;
        std::string expected;  // reason, or id, type and flags
    };
    const Row rows[] = {
        {R"({"id":"evt_1","object":"event","type":"a.b","livemode":true})", "evt_1 a.b"},
        {R"({"id":"evt_1","object":"event","type":"a.b"})", "evt_1 a.b test"},
        {R"({"id":"evt_1","object":"v2.core.event","type":"v1.a","livemode":true})",
         "evt_1 v1.a thin"},
        {R"({"id":"evt_1","object":"charge","type":"a.b"})", "not_an_event"},
        {R"({"id":7,"object":"event","type":"a.b"})", "not_an_event"},
        {R"({"id":"evt_1","object":"event"})", "not_an_event"},
        {R"([1])", "not_an_event"},
        {R"({"id":)", "not_an_event"},
        {"", "not_an_event"},
        {std::string(5'000, '['), "not_an_event"},
    };
    for (const auto& row : rows) {
        const auto head = read_event_head(row.body);
        std::string seen = head ? head->delivery_id + " " + head->event_type : head.error().reason;
        if (head && head->test) seen += " test";
        if (head && head->thin) seen += " thin";
        EXPECT_EQ(seen, row.expected) << row.body;
    }
}

TEST(ParseEventTest, OlderShapes) {
    const auto facts = *parse_event(
        event("invoice.paid",
              R"({"id":"in_1","object":"invoice","amount_paid":1190,"total":1190,"tax":190,
        "currency":"EUR","customer":{"id":"cus_1"},"subscription":"sub_1","payment_intent":"pi_1",
        "charge":"ch_1","billing_reason":"subscription_create","subscription_details":{"metadata":
        {"via":"ada","dubClickId":"dub_id_0123456789abcdef"}},"lines":{"data":[{
        "type":"subscription","amount":1000,"period":{"start":0,"end":2592000}}]}})"));
    ASSERT_EQ(facts.size(), 1U);
    const auto& fact = facts.front();
    EXPECT_EQ(fact.net, 1000);
    EXPECT_EQ(fact.tax, 190);
    EXPECT_EQ(fact.currency, "eur");
    EXPECT_EQ(fact.mrr, 1000);
    EXPECT_EQ(fact.evidence.link_slug, "ada");
    EXPECT_EQ(fact.evidence.click_id, "0123456789abcdef");
    EXPECT_EQ(fact.object_ids(),
              (std::vector<std::string>{"in_1", "pi_1", "ch_1", "sub_1", "cus_1"}));
}

// Whatever is where, nothing throws and nothing is booked that was not told.
TEST(ParseEventTest, StrangeShapes) {
    const std::string objects[] = {
        R"({})",
        R"({"id":7})",
        R"({"id":"x","lines":7,"items":[],"metadata":[1],"customer":[2],"amount_paid":"3"})",
        R"({"id":"x","items":{"data":[1,null,{"price":3}]},"lines":{"data":[1,{}]}})",
        R"({"id":"x","metadata":{"via":"null","click_id":"","ref":"a\u0000b","user_id":7}})",
    };
    const std::string types[] = {"checkout.session.completed",
                                 "invoice.paid",
                                 "refund.created",
                                 "charge.dispute.closed",
                                 "invoice_payment.paid",
                                 "customer.updated",
                                 "customer.subscription.updated",
                                 "customer.subscription.deleted",
                                 "charge.refunded",
                                 "unheard.of"};
    for (const auto& type : types) {
        for (const auto& object : objects) {
            const auto facts = parse_event(event(type, object));
            ASSERT_TRUE(facts) << type << object;
            for (const auto& fact : *facts) {
                EXPECT_EQ(fact.gross, 0);
                EXPECT_EQ(fact.mrr, 0);
                EXPECT_FALSE(fact.evidence.link_slug.contains('\0'));
            }
        }
    }
}

TEST(ParseEventTest, WireAmounts) {
    struct Row {
        std::int64_t wire;
        std::string currency;
        std::int64_t expected;  // -1: refused
    };
    const Row rows[] = {
        {1999, "usd", 1999},
        {3000, "jpy", 3000},
        {3'000'000, "ugx", 30'000},
        {500, "isk", 5},
        {550, "isk", -1},
        {30, "mga", 3000},
        {1230, "kwd", 1230},
        {500, "huf", 500},
        {7, "clp", 7},
        {1'000'000'000'000'001, "usd", -1},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(wire_amount(row.wire, row.currency).value_or(-1), row.expected) << row.currency;
    }
}

}  // namespace
}  // namespace hw::stripe
