// SPDX-License-Identifier: Apache-2.0
// Deliveries of every processor: who signed them, what they are called, what they amount to.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <set>

#include "connectors/hmac_signature.hpp"
#include "connectors/lemon_squeezy/lemon_squeezy_provider.hpp"
#include "connectors/paddle/paddle_provider.hpp"
#include "connectors/polar/polar_provider.hpp"
#include "connectors/shopify/shopify_provider.hpp"
#include "connectors/stripe/stripe_provider.hpp"
#include "core/project_payments.hpp"
#include "tests/fixture/processor_fixtures.hpp"

namespace hw {
namespace {

std::vector<std::unique_ptr<PaymentProvider>> all_processors() {
    std::vector<std::unique_ptr<PaymentProvider>> all;
    all.push_back(std::make_unique<LemonSqueezyProvider>());
    all.push_back(std::make_unique<PaddleProvider>());
    all.push_back(std::make_unique<PolarProvider>());
    all.push_back(std::make_unique<ShopifyProvider>());
    return all;
}

std::string verdict(const PaymentProvider& processor, const InboundMessage& message,
                    const std::vector<std::string>& secrets) {
    const auto seen = processor.verify(message, secrets);
    return seen ? "secret " + std::to_string(*seen) : seen.error().reason;
}

void set_header(InboundMessage& message, std::size_t position, std::string value) {
    message.headers.at(position).second = std::move(value);
}

TEST(ProcessorsTest, AreTheOnesThatAreNamed) {
    std::set<std::string_view> names{StripeProvider().name()};
    const auto all = all_processors();
    for (const auto& each : all) names.insert(each->name());
    EXPECT_EQ(names, std::set<std::string_view>(kPaymentProviderNames.begin(),
                                                kPaymentProviderNames.end()));
}

TEST(ProcessorsTest, VerifyTheirFixtures) {
    for (const auto& processor : all_processors()) {
        const ProcessorFixtures fixtures{std::string(processor->name())};
        for (const auto& [name, message] : fixtures.messages) {
            SCOPED_TRACE(std::string(processor->name()) + "/" + name);
            EXPECT_EQ(verdict(*processor, message, {fixtures.secret}), "secret 0");
            EXPECT_EQ(verdict(*processor, message, {"another secret", fixtures.secret}),
                      "secret 1");
            EXPECT_EQ(verdict(*processor, message, {"another secret", ""}), "no_match");
            auto changed = message;
            changed.body = boost::json::serialize(boost::json::parse(message.body));
            EXPECT_EQ(verdict(*processor, changed, {fixtures.secret}), "no_match");
            changed.body = message.body + "\n";
            EXPECT_EQ(verdict(*processor, changed, {fixtures.secret}), "no_match");
            changed.headers.clear();
            EXPECT_EQ(verdict(*processor, changed, {fixtures.secret}), "missing_signature");
        }
    }
}

TEST(ProcessorsTest, JudgeTheAgeWhereATimeIsSigned) {
    for (const auto& processor : all_processors()) {
        const ProcessorFixtures fixtures{std::string(processor->name())};
        auto message = fixtures.messages.begin()->second;
        const bool timed = processor->name() == "paddle" || processor->name() == "polar";
        const auto at_ms = message.received_at_ms - 5'000;  // when it was signed
        struct Row {
            std::int64_t age_s;
            std::string expected;
        };
        for (const auto& row : {Row{300, "secret 0"}, Row{301, "timestamp_too_old"},
                                Row{-300, "secret 0"}, Row{-301, "timestamp_in_future"}}) {
            message.received_at_ms = at_ms + row.age_s * 1'000;
            EXPECT_EQ(verdict(*processor, message, {fixtures.secret}),
                      timed ? row.expected : "secret 0")
                << processor->name() << " " << row.age_s;
        }
    }
}

TEST(ProcessorsTest, HostileSignatures) {
    const PaddleProvider paddle;
    const ProcessorFixtures of_paddle("paddle");
    auto message = of_paddle.messages.at("one_off");
    const auto good = message.headers.front().second;
    const auto time = good.substr(0, good.find(';'));
    const auto h1 = good.substr(good.find(';') + 1);
    struct Row {
        std::string header;
        std::string expected;
    };
    const Row rows[] = {
        {time + ";h1=" + std::string(64, '0') + ";" + h1, "secret 0"},  // while a secret is rolled
        {time + ";" + h1 + ";h1=" + std::string(64, '0'), "secret 0"},
        {time + ";h9=x;" + h1, "secret 0"},
        {time, "no_h1"},
        {h1, "malformed"},
        {time + ";" + time + ";" + h1, "malformed"},
        {"ts=1e9;" + h1, "malformed"},
        {"ts=99999999999999999999;" + h1, "malformed"},
        {time + "," + h1, "malformed"},
        {time + ";h1=", "no_match"},
        {time + ";h1=zz", "no_match"},
        {time + ";" + h1 + "00", "no_match"},
        {" ", "missing_signature"},
    };
    for (const auto& row : rows) {
        set_header(message, 0, row.header);
        EXPECT_EQ(verdict(paddle, message, {of_paddle.secret}), row.expected) << row.header;
    }
    std::string many = good;
    for (int i = 0; i < 10; ++i) many += ";h1=00";
    set_header(message, 0, many);
    EXPECT_EQ(verdict(paddle, message, {of_paddle.secret}), "too_many_signatures");

    const PolarProvider polar;
    const ProcessorFixtures of_polar("polar");
    message = of_polar.messages.at("order_paid");
    const auto signature = message.headers.at(2).second;
    set_header(message, 2, "v1a,AAAA v1,AAAA " + signature);
    EXPECT_EQ(verdict(polar, message, {of_polar.secret}), "secret 0");
    set_header(message, 2, "v1a,AAAA");
    EXPECT_EQ(verdict(polar, message, {of_polar.secret}), "no_v1");
    set_header(message, 2, signature);
    set_header(message, 0, "msg_of_another");
    EXPECT_EQ(verdict(polar, message, {of_polar.secret}), "no_match");
    set_header(message, 0, "");
    EXPECT_EQ(verdict(polar, message, {of_polar.secret}), "malformed");
}

// The published vector of Standard Webhooks, whose secret is base64.
TEST(ProcessorsTest, StandardVector) {
    const std::string body = R"({"test": 2432232314})";
    const connectors::SignatureParts parts{.id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                           .time = "1614265330"};
    EXPECT_EQ(connectors::signature_of(connectors::kStandardScheme, parts, body,
                                       "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
              "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    EXPECT_EQ(connectors::signature_of(connectors::kStandardScheme, parts, body, "whsec_"), "");
}

TEST(ProcessorsTest, DeliveryIdsAreThoseOfTheEvent) {
    for (const auto& processor : all_processors()) {
        const ProcessorFixtures fixtures{std::string(processor->name())};
        std::set<std::string> ids;
        for (const auto& [name, message] : fixtures.messages) {
            const auto head = processor->read_head(message);
            ASSERT_TRUE(head) << name;
            ids.insert(head->delivery_id);
            EXPECT_EQ(head->test, name == "test_order") << name;
        }
        EXPECT_EQ(ids.size(), fixtures.messages.size()) << processor->name();
    }
    // What no signature covers names nothing.
    const ShopifyProvider shopify;
    auto message = ProcessorFixtures("shopify").messages.at("order_paid");
    const auto id = shopify.read_head(message)->delivery_id;
    message.headers.clear();
    EXPECT_EQ(shopify.read_head(message)->delivery_id, id);
}

std::string text_of(const PaymentProjection& projection) {
    std::string text;
    std::int64_t net = 0;
    std::int64_t back = 0;
    std::int64_t mrr = 0;
    for (const auto& payment : projection.payments) {
        if (payment.paid) text += payment.kind + " ";
        net += payment.net;
        back += payment.net_refunded();
    }
    for (const auto& movement : projection.movements) {
        text += movement.kind + std::to_string(movement.delta) + " ";
        mrr += movement.delta;
    }
    return text + "net " + std::to_string(net) + " back " + std::to_string(back) + " mrr " +
           std::to_string(mrr);
}

std::string whole_text_of(const PaymentProjection& projection) {
    auto text = text_of(projection);
    for (const auto& payment : projection.payments) {
        text += "\n" + payment.key + " " + payment.email + " " + payment.name + " " +
                payment.external_id + " " + payment.evidence.link_slug + " " + payment.customer_id +
                " " + std::to_string(payment.paid_at_ms) + " " + payment.metadata;
        for (const auto& id : payment.ids) text += " " + id;
    }
    for (const auto& each : projection.movements) {
        text += "\n" + each.key + " " + std::to_string(each.at_ms) + " " + each.payment_key;
    }
    return text;
}

struct Story {
    std::string processor;
    std::vector<std::string> files;
    std::string expected;
};

const Story kStories[] = {
    {"paddle", {"one_off"}, "purchase net 10000 back 0 mrr 0"},
    {"paddle", {"one_off_credit"}, "purchase net 5000 back 0 mrr 0"},
    {"paddle", {"one_off_jpy", "customer_created"}, "purchase net 1580 back 0 mrr 0"},
    {"paddle",
     {"one_off", "refund_pending", "credit", "refund_rejected"},
     "purchase net 10000 back 0 mrr 0"},
    {"paddle",
     {"one_off", "refund_pending", "refund_approved"},
     "purchase net 10000 back 5000 mrr 0"},
    {"paddle",
     {"one_off", "refund_approved", "refund_rest"},
     "purchase net 10000 back 10000 mrr 0"},
    {"paddle", {"one_off", "chargeback"}, "purchase net 10000 back 10000 mrr 0"},
    {"paddle", {"one_off", "chargeback", "chargeback_reverse"}, "purchase net 10000 back 0 mrr 0"},
    {"paddle",
     {"subscription_created", "subscription_activated", "first_payment", "charge_on_top"},
     "subscription purchase start3000 net 4000 back 0 mrr 3000"},
    {"paddle",
     {"subscription_created", "subscription_activated", "first_payment",
      "subscription_updated_quantity", "proration", "renewal", "subscription_paused",
      "subscription_resumed", "subscription_canceled"},
     "subscription upgrade renewal upgrade3000 stop-6000 end-6000 resume6000 start3000 net 11000 "
     "back 0 mrr 0"},
    {"paddle",
     {"subscription_trialing", "after_trial", "first_after_trial"},
     "subscription start3000 net 3000 back 0 mrr 3000"},
    {"lemon_squeezy", {"order", "order_pending"}, "purchase net 10000 back 0 mrr 0"},
    {"lemon_squeezy", {"order", "order_refunded_partly"}, "purchase net 10000 back 5000 mrr 0"},
    {"lemon_squeezy",
     {"order", "order_refunded_partly", "order_refunded"},
     "purchase net 10000 back 10000 mrr 0"},
    {"lemon_squeezy",
     {"order_of_subscription", "subscription_created", "payment_initial"},
     "subscription start3000 net 3000 back 0 mrr 3000"},
    {"lemon_squeezy",
     {"order_of_subscription", "subscription_created", "payment_initial",
      "payment_initial_refunded_partly", "order_of_subscription_refunded_partly"},
     "subscription start3000 net 3000 back 1500 mrr 3000"},
    {"lemon_squeezy",
     {"order_of_subscription", "subscription_created", "payment_initial", "payment_renewal",
      "subscription_paused", "subscription_unpaused", "subscription_cancelled",
      "subscription_expired"},
     "subscription renewal stop-3000 end-3000 resume3000 start3000 net 6000 back 0 mrr 0"},
    {"lemon_squeezy",
     {"trial_created", "trial_payment", "trial_over"},
     "subscription start3000 net 3000 back 0 mrr 3000"},
    {"polar", {"order_paid", "order_created_unpaid"}, "purchase net 10000 back 0 mrr 0"},
    {"polar", {"order_paid_with_credit"}, "purchase net 5000 back 0 mrr 0"},
    {"polar",
     {"order_paid", "refund_pending", "refund_succeeded", "order_refunded_partly"},
     "purchase net 10000 back 5000 mrr 0"},
    {"polar",
     {"order_paid", "order_refunded_partly", "order_refunded"},
     "purchase net 10000 back 10000 mrr 0"},
    {"polar",
     {"subscription_created", "subscription_active", "order_paid_create", "order_paid_cycle",
      "subscription_updated", "subscription_canceled", "subscription_revoked"},
     "subscription renewal upgrade2000 end-5000 start3000 net 6000 back 0 mrr 0"},
    {"shopify", {"order_paid", "order_pending"}, "purchase net 10000 back 0 mrr 0"},
    {"shopify", {"order_paid_jpy"}, "purchase net 1580 back 0 mrr 0"},
    {"shopify",
     {"order_paid", "refund_part", "refund_failed", "order_partially_refunded"},
     "purchase net 10000 back 5000 mrr 0"},
    {"shopify",
     {"order_paid", "refund_part", "refund_rest"},
     "purchase net 10000 back 10000 mrr 0"},
};

// In many orders, each delivered twice.
TEST(ProcessorsTest, StoriesInEveryOrder) {
    constexpr int kOrders = 200;
    const auto seed = std::random_device{}();
    std::mt19937 random(seed);
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto all = all_processors();
    for (const auto& story : kStories) {
        const auto processor = std::ranges::find(
            all, story.processor, [](const auto& each) { return std::string(each->name()); });
        const ProcessorFixtures fixtures(story.processor);
        std::vector<PaymentFact> facts;
        for (const auto& file : story.files) {
            const auto told = (*processor)->read_facts(fixtures.messages.at(file));
            ASSERT_TRUE(told) << file;
            for (int twice = 0; twice < 2; ++twice) {
                facts.insert(facts.end(), told->begin(), told->end());
            }
        }
        EXPECT_EQ(text_of(project_payments(facts)), story.expected)
            << story.processor << " " << story.files.front();
        const auto whole = whole_text_of(project_payments(facts));
        for (int i = 0; i < kOrders; ++i) {
            std::ranges::shuffle(facts, random);
            ASSERT_EQ(whole_text_of(project_payments(facts)), whole);
        }
    }
}

TEST(ProcessorsTest, WhoPaidAndHowTheyCame) {
    struct Row {
        std::string processor;
        std::vector<std::string> files;
        std::string expected;
    };
    const Row rows[] = {
        {"paddle",
         {"one_off", "customer_created"},
         "in:txn_01hw0000000000000000000001 ada@shop.example Ada Example 42 anna "
         "ctm_01hw0000000000000000000007"},
        {"lemon_squeezy",
         {"order"},
         "cs:ls_order_1 ada@shop.example Ada Example 42 anna ls_customer_7"},
        {"polar",
         {"order_paid"},
         "in:00000000-0000-4000-8000-000000000001 ada@shop.example Ada Example user_42 anna "
         "00000000-0000-4000-8000-000000000007"},
        {"shopify",
         {"order_paid"},
         "cs:shopify_order_5000000000001 ada@shop.example Ada Example 42 anna "
         "shopify_customer_6000000000007"},
    };
    const auto all = all_processors();
    for (const auto& row : rows) {
        const auto processor = std::ranges::find(
            all, row.processor, [](const auto& each) { return std::string(each->name()); });
        const ProcessorFixtures fixtures(row.processor);
        std::vector<PaymentFact> facts;
        for (const auto& file : row.files) {
            const auto told = (*processor)->read_facts(fixtures.messages.at(file));
            facts.insert(facts.end(), told->begin(), told->end());
        }
        const auto whole = whole_text_of(project_payments(facts));
        EXPECT_NE(whole.find("\n" + row.expected), whole.npos) << whole;
    }
}

namespace json = boost::json;

// Every place of the value with something else in it, one at a time.
void each_spoiled(const json::value& whole, json::value& part,
                  const std::function<void(const json::value&)>& look) {
    const json::value kOthers[] = {nullptr,
                                   true,
                                   -1,
                                   9'223'372'036'854'775'807,
                                   18'446'744'073'709'551'615U,
                                   1e300,
                                   "no such word",
                                   "99999999999999999999999",
                                   json::string(5'000, 'x'),
                                   json::string(std::string_view("a\0b", 3)),
                                   json::array{1, nullptr, json::object{}},
                                   json::object{{"id", 7}}};
    const auto kept = part;
    for (const auto& other : kOthers) {
        part = other;
        look(whole);
    }
    part = kept;
    if (part.is_object()) {
        for (auto& member : part.get_object()) each_spoiled(whole, member.value(), look);
    } else if (part.is_array()) {
        for (auto& each : part.get_array()) each_spoiled(whole, each, look);
    }
}

TEST(ProcessorsTest, NothingInABodyThrows) {
    std::size_t looked = 0;
    for (const auto& processor : all_processors()) {
        const ProcessorFixtures fixtures{std::string(processor->name())};
        for (const auto& [name, message] : fixtures.messages) {
            auto spoiled = message;
            auto value = json::parse(message.body);
            each_spoiled(value, value, [&](const json::value& whole) {
                spoiled.body = json::serialize(whole);
                ++looked;
                const auto head = processor->read_head(spoiled);
                const auto facts = processor->read_facts(spoiled);
                ASSERT_TRUE(!head || !head->delivery_id.empty());
                ASSERT_TRUE(!head || head->delivery_id.size() <= 255);
                if (!head || !facts) return;
                for (const auto& fact : *facts) {
                    ASSERT_FALSE(fact.fact_key.empty() || fact.anchor_id.empty()) << spoiled.body;
                    for (const auto& id : fact.object_ids()) {
                        ASSERT_EQ(id.find('\0'), id.npos);
                        ASSERT_LE(id.size(), 300U);
                    }
                }
                project_payments(*facts);
            });
        }
        for (const auto* body : {"", "[1]", "null", "{", "{}", "\xff\xfe", "{\"data\":7}"}) {
            const InboundMessage message{body, {{"webhook-id", "msg_1"}}, 1};
            EXPECT_FALSE(processor->read_head(message)) << processor->name() << body;
        }
    }
    EXPECT_GT(looked, 10'000U);
}

TEST(ProcessorsTest, AmountsThatCannotBe) {
    struct Row {
        std::string processor;
        std::string file;
        std::string from;
        std::string to;
        std::string expected;
    };
    const Row rows[] = {
        {"paddle", "one_off", R"("total": "11900")", R"("total": "119.00")",
         "total: expected an integer of at most 10^15, received \"119.00\""},
        {"paddle", "one_off", R"("tax": "1900")", R"("tax": "1000000000000001")",
         "tax: expected an integer of at most 10^15, received \"1000000000000001\""},
        {"polar", "order_paid", R"("total_amount": 11900)", R"("total_amount": 119.5)",
         "total_amount: expected an integer of at most 10^15, received 1.195E2"},
        {"lemon_squeezy", "order", R"("total": 11900)", R"("total": "a lot")",
         "total: expected an integer of at most 10^15, received \"a lot\""},
        {"shopify", "order_paid", R"("amount": "119.00")", R"("amount": "119.001")",
         R"(amount: expected the text of an amount of "usd" below 10^15, received "119.001")"},
        {"shopify", "order_paid", R"("amount": "119.00")", R"("amount": 119)",
         R"(amount: expected the text of an amount of "usd" below 10^15, received 119)"},
        {"shopify", "refund_other_currency", "", "",
         R"(transactions.currency: received "eur"; expected the "usd" of the shop. )"
         "Book this refund by hand."},
    };
    const auto all = all_processors();
    for (const auto& row : rows) {
        const auto processor = std::ranges::find(
            all, row.processor, [](const auto& each) { return std::string(each->name()); });
        auto message = ProcessorFixtures(row.processor).messages.at(row.file);
        const auto at = message.body.find(row.from);
        ASSERT_NE(at, message.body.npos) << row.from;
        message.body.replace(at, row.from.size(), row.to);
        const auto facts = (*processor)->read_facts(message);
        EXPECT_EQ(facts ? "" : facts.error().message, row.expected);
    }
}

}  // namespace
}  // namespace hw
