// SPDX-License-Identifier: Apache-2.0
#include "api/revenue_body.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/exact_json.hpp"

namespace hw {
namespace {

constexpr std::int64_t kNow = 1'790'000'000'000;

// The base event with `changes` laid over it; a member that is "-" is left out.
std::string with(std::string_view changes) {
    auto event =
        json::parse(R"({"visitor_fingerprint":"fp","session_id":"s","customer_id":"c1",)"
                    R"("currency":"USD","transaction_id":"t1","payment_processor":"stripe"})")
            .as_object();
    // Laid over as text, so that numbers keep theirs.
    auto text = json::serialize(event);
    text.pop_back();
    return changes.empty() ? text + R"(,"amount":10})" : text + "," + std::string(changes) + "}";
}

Result<RevenueEvent> read(const std::string& text, bool strict = false,
                          const std::string& kind = "secret") {
    const auto data = parse_exact_object(text);
    EXPECT_TRUE(data) << text;
    IngestToken token;
    token.kind = kind;
    return read_revenue_event({.data = *data, .token = token, .now_ms = kNow, .strict = strict});
}

std::string outcome(const std::string& text, bool strict = false) {
    const auto event = read(text, strict);
    if (!event) return event.error().message;
    return fmt::format("{} {} {}{}", event->event_type, event->amount, event->currency,
                       event->mrr_impact ? fmt::format(" mrr {}", *event->mrr_impact) : "");
}

struct Case {
    std::string changes;
    std::string expected;
};

TEST(RevenueBody, AmountsByType) {
    const std::string positive = "Revenue amount must be positive";
    const Case table[] = {
        {R"("amount":99.99)", "purchase 9999 usd"},
        {R"("amount":1130.60)", "purchase 113060 usd"},
        {R"("amount":1.1e1)", "purchase 1100 usd"},
        {R"("amount":10,"event_type":null)", "purchase 1000 usd"},
        {R"("amount":0)", positive},
        {R"("amount":-1)", positive},
        {R"("amount":5,"event_type":"renewal")", "renewal 500 usd"},
        {R"("amount":0,"event_type":"renewal")", positive},
        {R"("amount":5,"event_type":"subscription","mrr_impact":5)",
         "subscription 500 usd mrr 500"},
        {R"("amount":5,"event_type":"subscription")", "subscription 500 usd"},
        {R"("amount":0,"event_type":"subscription","mrr_impact":5)", positive},
        {R"("amount":0,"event_type":"subscription","mrr_impact":5,"metadata":{"trial":true})",
         "subscription 0 usd mrr 500"},
        {R"("amount":0,"event_type":"subscription","metadata":{"trial":true})", positive},
        {R"("amount":0,"event_type":"upgrade","mrr_impact":20)", "upgrade 0 usd mrr 2000"},
        {R"("amount":-1,"event_type":"upgrade","mrr_impact":20)", positive},
        {R"("amount":0,"event_type":"downgrade","mrr_impact":-10)", "downgrade 0 usd mrr -1000"},
        {R"("amount":0,"event_type":"churn","mrr_impact":-29.99)", "churn 0 usd mrr -2999"},
        {R"("amount":0,"event_type":"churn")", "churn 0 usd"},
        {R"("amount":1,"event_type":"churn","mrr_impact":-29.99)", "Churn amount must be 0"},
        {R"("amount":-49.99,"event_type":"refund")", "refund -4999 usd"},
        {R"("amount":49.99,"event_type":"refund")", "Refund amount must be negative"},
        {R"("amount":0,"event_type":"refund")", "Refund amount must be negative"},
    };
    for (const auto& row : table)
        EXPECT_EQ(outcome(with(row.changes)), row.expected) << row.changes;
}

TEST(RevenueBody, WhatIsNoAmount) {
    const std::string invalid = "Invalid amount";
    const Case table[] = {
        {R"("amount":"49.99")", invalid},
        {R"("amount":true)", invalid},
        {R"("amount":null)", invalid},
        {R"("amount":"NaN")", invalid},
        {R"("amount":[1])", invalid},
        {R"("amount":{})", invalid},
        {R"("amount":1e30)", invalid},
        {R"("amount":90071992547409.91)", "purchase 9007199254740991 usd"},
        {R"("amount":90071992547409.92)", invalid},
        {R"("event_type":"purchase")", "amount is required."},
        {R"("amount":9.999)", "amount has more decimals than USD allows (2)."},
        {R"("amount":9.990)", "purchase 999 usd"},
    };
    for (const auto& row : table)
        EXPECT_EQ(outcome(with(row.changes)), row.expected) << row.changes;
}

TEST(RevenueBody, Currencies) {
    const std::string no_code = "currency must be an ISO 4217 code.";
    const auto event = [](std::string_view amount, std::string_view currency) {
        return fmt::format(
            R"({{"customer_id":"c","transaction_id":"t","amount":{},"currency":{}}})", amount,
            currency);
    };
    const Case table[] = {
        {event("9.99", R"("KWD")"), "purchase 9990 kwd"},
        {event("99", R"("JPY")"), "purchase 99 jpy"},
        {event("99.5", R"("JPY")"), "amount has more decimals than JPY allows (0)."},
        {event("1", R"("eUr")"), "purchase 100 eur"},
        {event("1", "null"), "purchase 100 usd"},
        {event("1", R"("dollar")"), no_code},
        {event("1", R"("")"), no_code},
        {event("1", "5"), no_code},
    };
    for (const auto& row : table) EXPECT_EQ(outcome(row.changes), row.expected) << row.changes;
}

TEST(RevenueBody, MrrByType) {
    const Case table[] = {
        {R"("amount":5,"mrr_impact":0)", "purchase 500 usd mrr 0"},
        {R"("amount":5,"mrr_impact":1)", "mrr_impact must be 0 for purchase."},
        {R"("amount":5,"event_type":"renewal","mrr_impact":-1)",
         "mrr_impact must be 0 for renewal."},
        {R"("amount":5,"event_type":"subscription","mrr_impact":-1)",
         "mrr_impact must be zero or positive for subscription."},
        {R"("amount":5,"event_type":"upgrade","mrr_impact":0)",
         "mrr_impact must be positive for upgrade."},
        {R"("amount":5,"event_type":"upgrade")", "mrr_impact is required for upgrade."},
        {R"("amount":5,"event_type":"downgrade","mrr_impact":1)",
         "mrr_impact must be negative for downgrade."},
        {R"("amount":5,"event_type":"downgrade")", "mrr_impact is required for downgrade."},
        {R"("amount":0,"event_type":"churn","mrr_impact":1)",
         "mrr_impact must be negative for churn."},
        {R"("amount":-5,"event_type":"refund","mrr_impact":1)",
         "mrr_impact must be zero or negative for refund."},
        {R"("amount":5,"mrr_impact":"5")", "mrr_impact must be a number."},
        {R"("amount":5,"mrr_impact":true)", "mrr_impact must be a number."},
        {R"("amount":5,"event_type":"subscription","mrr_impact":1.999)",
         "mrr_impact has more decimals than USD allows (2)."},
        {R"("amount":0,"event_type":"churn","mrr_impact":-5,"metadata":{"churned_mrr":5})",
         "churn 0 usd mrr -500"},
        {R"("amount":0,"event_type":"churn","mrr_impact":-5,"metadata":{"churned_mrr":4.5})",
         "metadata.churned_mrr must equal -mrr_impact."},
    };
    for (const auto& row : table)
        EXPECT_EQ(outcome(with(row.changes)), row.expected) << row.changes;
}

TEST(RevenueBody, OtherFields) {
    const auto text = [](std::size_t length) { return std::string(length, 'x'); };
    std::string many_keys;
    for (int i = 0; i < 51; ++i) many_keys += fmt::format(R"({}"k{}":1)", i == 0 ? "" : ",", i);
    const std::string fine = "purchase 500 usd";
    const Case table[] = {
        {R"({"amount":5,"transaction_id":"t"})", "customer_id is required."},
        {R"({"amount":5,"transaction_id":"t","customer_id":""})", "customer_id is required."},
        {R"({"amount":5,"transaction_id":"t","customer_id":"null"})", "customer_id is required."},
        {R"({"amount":5,"transaction_id":"t","customer_id":5})", "customer_id must be a string."},
        {R"({"amount":5,"transaction_id":"t","customer_id":1.5})", "customer_id must be a string."},
        {R"({"amount":5,"customer_id":"c"})", "transaction_id is required."},
        {fmt::format(R"({{"amount":5,"customer_id":"c","transaction_id":"{}"}})", text(255)), fine},
        {fmt::format(R"({{"amount":5,"customer_id":"c","transaction_id":"{}"}})", text(256)),
         "transaction_id must be at most 255 characters."},
        {with(R"("amount":5,"event_type":"chargeback")"),
         "event_type must be one of: purchase, subscription, renewal, upgrade, downgrade, churn, "
         "refund."},
        {with(R"("amount":5,"is_recurring":1)"), "is_recurring must be a boolean."},
        {with(R"("amount":5,"metadata":[])"), "metadata must be an object."},
        {with(R"("amount":5,"metadata":{"a":[{"b":[1]}]})"), fine},
        {with(R"("amount":5,"metadata":{"a":[{"b":[[1]]}]})"),
         "metadata must be at most 4 levels deep."},
        {with(fmt::format(R"("amount":5,"metadata":{{{}}})", many_keys)),
         "metadata must have at most 50 keys."},
        {with(fmt::format(R"("amount":5,"metadata":{{"a":"{}"}})", text(8192))),
         "metadata must be at most 8192 bytes."},
        {with(R"("amount":5,"timestamp":"2026-09-20T10:00:00Z")"), fine},
        {with(R"("amount":5,"timestamp":1780000000000)"), fine},
        {with(R"("amount":5,"timestamp":"yesterday")"),
         "timestamp must be ISO 8601 or milliseconds since 1970."},
        {with(R"("amount":5,"timestamp":1790000300000)"), fine},
        {with(R"("amount":5,"timestamp":1790000300001)"), "timestamp must not be in the future."},
        {R"({"amount":5,"customer_id":"c","transaction_id":"t","payment_processor":"a b"})",
         "payment_processor must be 1 to 32 letters, digits, '-' and '_'."},
    };
    for (const auto& row : table) EXPECT_EQ(outcome(row.changes), row.expected) << row.changes;
}

TEST(RevenueBody, WhoBought) {
    const std::string nobody =
        R"({"customer_id":"c","transaction_id":"t","amount":5,"visitor_fingerprint":null})";
    EXPECT_EQ(outcome(nobody), "purchase 500 usd");
    EXPECT_EQ(outcome(nobody, true), "visitor_fingerprint is required.");
    EXPECT_EQ(outcome(R"({"customer_id":"c","transaction_id":"t","amount":5,)"
                      R"("visitor_fingerprint":"fp","session_id":"undefined"})",
                      true),
              "session_id is required.");
    EXPECT_EQ(outcome(with(""), true), "purchase 1000 usd");
}

TEST(RevenueBody, WhatTheFieldsBecome) {
    const auto event =
        *read(with(R"("amount":5,"event_type":"renewal","customer_subscription_id":"sub",)"
                   R"("metadata":{"dub_id":"click","via":"anna","original_transaction_id":"t0",)"
                   R"("rate":1.10})"));
    EXPECT_EQ(event.payment_processor, "stripe");
    EXPECT_EQ(event.subscription_id, "sub");
    EXPECT_EQ(event.fingerprint, "fp");
    EXPECT_EQ(event.session_id, "s");
    EXPECT_TRUE(event.is_recurring);
    EXPECT_EQ(event.click_id, "click");
    EXPECT_EQ(event.link_slug, "anna");
    EXPECT_EQ(event.original_transaction_id, "t0");
    EXPECT_TRUE(event.metadata->contains("1.10")) << *event.metadata;
    EXPECT_EQ(event.occurred_at_ms, kNow);
    EXPECT_FALSE(event.test);
    EXPECT_TRUE(read(with(""), false, "test")->test);
}

TEST(RevenueBody, AnIdMadeOfTheTimeIsTold) {
    const auto warnings = [](std::string_view id) {
        return read(fmt::format(R"({{"customer_id":"c","transaction_id":"{}","amount":5}})", id))
            ->warnings.size();
    };
    EXPECT_EQ(warnings("tx_1700000000000"), 1U);
    EXPECT_EQ(warnings("test_tx_1700000000000"), 1U);
    EXPECT_EQ(warnings("tx_1"), 0U);
    EXPECT_EQ(warnings("pi_1700000000000"), 0U);
}

}  // namespace
}  // namespace hw
