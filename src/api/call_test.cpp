// SPDX-License-Identifier: Apache-2.0
// What is told twice happens once: by invoice id, by Idempotency-Key, by both.
#include "api/call.hpp"

#include <thread>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class CallTest : public TrackApiTest {
  protected:
    Link known_customer() {
        auto link = make_link("known");
        const auto made = lead({{"clickId", make_click(link)},
                                {"eventName", "Sign up"},
                                {"customerExternalId", "user-1"}});
        HW_ASSERT(made.status == 200);
        env.advance_ms(1);
        return link;
    }
    static Object sale_body(std::int64_t amount = 100) {
        return {{"customerExternalId", "user-1"}, {"amount", amount}};
    }
    static Object invoice_body(const std::string& id, std::int64_t amount = 100) {
        auto body = sale_body(amount);
        body["invoiceId"] = id;
        return body;
    }
    static Headers key(const std::string& text) { return {{"Idempotency-Key", text}}; }
};

TEST_P(CallTest, AnInvoiceGetsTheFirstAnswerForEver) {
    const auto link = known_customer();
    const auto first = sale(invoice_body("in_1"));
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(header_of(first, "Idempotent-Replayed"), "");
    for (const auto wait_ms : {std::int64_t{0}, 8 * kDayMs, 1000 * kDayMs}) {
        env.advance_ms(wait_ms);
        const auto again = sale(invoice_body("in_1"));
        EXPECT_EQ(again.status, 200);
        EXPECT_EQ(again.body, first.body);
        EXPECT_EQ(again.content_type, first.content_type);
        EXPECT_EQ(header_of(again, "Idempotent-Replayed"), "true");
        EXPECT_EQ(header_of(again, "Idempotency-Mismatch"), "");
        const auto other = sale(invoice_body("in_1", 999));
        EXPECT_EQ(other.body, first.body);
        EXPECT_EQ(header_of(other, "Idempotent-Replayed"), "true");
        EXPECT_EQ(header_of(other, "Idempotency-Mismatch"), "true");
    }
    auto stranger = invoice_body("in_1");
    stranger["customerExternalId"] = "somebody-else";
    EXPECT_EQ(sale(stranger).body, first.body);
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(totals(link).sale_amount, 100);
}

TEST_P(CallTest, AnInvoiceThatWasNotBookedIsTriedAgain) {
    const auto link = make_link("later");
    const auto click = make_click(link);
    auto body = invoice_body("in_1");
    const auto orphan = sale(body);
    EXPECT_EQ(orphan.body, R"({"eventName":"Purchase","customer":null,"sale":null})");
    body["clickId"] = "typo";
    EXPECT_EQ(sale(body).status, 404);
    body["clickId"] = click;
    const auto booked = sale(body);
    EXPECT_EQ(booked.status, 200);
    EXPECT_EQ(header_of(booked, "Idempotent-Replayed"), "");
    EXPECT_FALSE(json_of(booked).at("sale").is_null());
    EXPECT_EQ(sale(body).body, booked.body);
    EXPECT_EQ(rows().sales, 1);
    EXPECT_EQ(totals(link).sales, 1);

    // The amount that was told first stands, and the caller can see it.
    auto changed = invoice_body("in_2", 100);
    changed["clickId"] = "typo";
    changed["customerExternalId"] = "user-2";
    EXPECT_EQ(sale(changed).status, 404);
    changed["clickId"] = click;
    changed["amount"] = 200;
    const auto completed = sale(changed);
    EXPECT_EQ(json_of(completed).at("sale").at("amount").as_int64(), 100);
    EXPECT_EQ(header_of(completed, "Idempotency-Mismatch"), "true");
}

TEST_P(CallTest, AnAmountOfZeroDoesNotUseTheInvoiceUp) {
    const auto link = known_customer();
    EXPECT_EQ(sale(invoice_body("in_1", 0)).status, 200);
    EXPECT_FALSE(json_of(sale(invoice_body("in_1", 5))).at("sale").is_null());
    EXPECT_EQ(totals(link).sale_amount, 5);
}

TEST_P(CallTest, InvoicesOfWorkspacesAreTheirOwn) {
    const auto link = known_customer();
    sale(invoice_body("in_1"));
    const auto other_id = workspace_id + "_other";
    const auto other_key = "dub_" + random_text(24, env);
    const auto made = db->write_now<bool>(other_id, [&](Tx& tx) -> Result<bool> {
        Workspace other;
        other.workspace_id = other_id;
        other.slug = "other-" + workspace_id;
        return insert_workspace(tx, other) && insert_api_key(tx, {.key_hash = sha256_hex(other_key),
                                                                  .workspace_id = other_id,
                                                                  .api_key_id = tx.new_id("key_"),
                                                                  .name = "Other",
                                                                  .display = "dub_...",
                                                                  .scopes = "apis.all",
                                                                  .created_at_ms = 0,
                                                                  .expires_at_ms = std::nullopt});
    });
    ASSERT_TRUE(made && *made);
    const Headers theirs{{"Authorization", "Bearer " + other_key}, {"Idempotency-Key", "k"}};
    const auto stranger = sale(invoice_body("in_1"), theirs);
    EXPECT_EQ(stranger.body, R"({"eventName":"Purchase","customer":null,"sale":null})");
    EXPECT_EQ(header_of(stranger, "Idempotent-Replayed"), "");
    EXPECT_FALSE(json_of(sale(sale_body(), key("k"))).at("sale").is_null());
    EXPECT_EQ(totals(link).sales, 2);
}

TEST_P(CallTest, AKeyGetsTheFirstAnswer) {
    const auto link = known_customer();
    const auto first = sale(sale_body(), key("k-1"));
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(header_of(first, "Idempotent-Replayed"), "");
    env.advance_ms(31 * kDayMs);
    for (const auto* path : {"/track/sale", "/api/track/sale"}) {
        env.advance_ms(1);  // the log's order
        const auto again = post(path, sale_body(), key("k-1"));
        EXPECT_EQ(again.status, 200);
        EXPECT_EQ(again.body, first.body);
        EXPECT_EQ(again.content_type, "application/json");
        EXPECT_EQ(header_of(again, "Idempotent-Replayed"), "true");
        EXPECT_EQ(log(1).front().reason, "repeat");
    }
    EXPECT_EQ(totals(link).sales, 1);
    env.advance_ms(1);
    EXPECT_EQ(outcome(sale(sale_body(5), key("k-1"))),
              "422 The Idempotency-Key 'k-1' was used before for a request with other content. Use "
              "a new key for a new request.");
    EXPECT_EQ(log(1).front().reason, "idempotency_key_reused");
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(sale(sale_body(), key("k-2")).status, 200);
    EXPECT_EQ(sale(sale_body(), key("K-1")).status, 200);
    EXPECT_EQ(sale(sale_body()).status, 200);
    EXPECT_EQ(totals(link).sales, 4);
}

TEST_P(CallTest, KeysOfOperationsDoNotMeet) {
    const auto link = make_link("both");
    const Object body{{"clickId", make_click(link)},
                      {"eventName", "Sign up"},
                      {"customerExternalId", "user-1"},
                      {"amount", 100}};
    const auto of_lead = lead(body, key("k"));
    EXPECT_EQ(of_lead.status, 200);
    EXPECT_EQ(sale(body, key("k")).status, 200);
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(totals(link).sales, 1);
    // A key remembers the first answer, with its link; without it the lead is a repeat.
    EXPECT_EQ(lead(body, key("k")).body, of_lead.body);
    EXPECT_TRUE(json_of(lead(body)).at("link").is_null());
    // A key is no invoice.
    auto invoice = body;
    invoice["invoiceId"] = "k";
    EXPECT_EQ(header_of(sale(invoice), "Idempotent-Replayed"), "");
}

TEST_P(CallTest, OnlyWhatWasDoneStands) {
    const auto link = known_customer();
    // A refusal that recorded nothing leaves the key free.
    EXPECT_EQ(sale({{"amount", -1}}, key("k-1")).status, 422);
    EXPECT_EQ(sale({{"amount", 5}}, key("k-1")).status, 400);
    EXPECT_EQ(lead({{"eventName", "x"}, {"externalId", "u"}, {"clickId", "no"}}, key("k-1")).status,
              404);
    EXPECT_EQ(sale(sale_body(), key("k-1")).status, 200);
    EXPECT_EQ(lead({{"eventName", "x"}, {"externalId", "user-1"}}, key("k-1")).status, 200);

    // One that stored an orphan stands, and so does an orphan that was accepted.
    auto typo = sale_body();
    typo["customerExternalId"] = "user-2";
    typo["clickId"] = "typo";
    const auto refused = sale(typo, key("k-2"));
    EXPECT_EQ(refused.status, 404);
    const auto again = sale(typo, key("k-2"));
    EXPECT_EQ(again.status, 404);
    EXPECT_EQ(again.body, refused.body);
    EXPECT_EQ(again.content_type, "application/json");
    EXPECT_EQ(header_of(again, "Idempotent-Replayed"), "true");
    auto corrected = typo;
    corrected["clickId"] = make_click(link, 2);
    EXPECT_EQ(sale(corrected, key("k-2")).status, 422);
    EXPECT_EQ(sale(corrected, key("k-3")).status, 200);
    EXPECT_EQ(totals(link).sales, 2);
}

TEST_P(CallTest, WithAnInvoiceInTheSameRequest) {
    const auto link = known_customer();
    const auto first = sale(invoice_body("in_1"), key("k-1"));
    // The same invoice under another key is the same payment, and that key remembers its answer.
    const auto by_invoice = sale(invoice_body("in_1"), key("k-2"));
    EXPECT_EQ(by_invoice.body, first.body);
    EXPECT_EQ(header_of(by_invoice, "Idempotent-Replayed"), "true");
    EXPECT_EQ(sale(invoice_body("in_1"), key("k-2")).body, first.body);
    EXPECT_EQ(sale(invoice_body("in_1")).body, first.body);
    // The key speaks before the invoice.
    EXPECT_EQ(sale(invoice_body("in_2"), key("k-1")).status, 422);
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(sale(invoice_body("in_2")).status, 200);
    EXPECT_EQ(totals(link).sales, 2);
}

TEST_P(CallTest, WhatCanBeAKey) {
    known_customer();
    constexpr auto kRefused =
        "400 The Idempotency-Key header must be 1 to 255 visible ASCII characters.";
    struct Row {
        std::string text;
        bool expected;
    };
    const Row table[] = {
        {"k", true},
        {"\"quoted string\"", true},
        {"8e03978e-40d5-43e8-bc93-6894a57f9324", true},
        {std::string(limits::kIdempotencyKeyBytesMax, 'k'), true},
        {std::string(limits::kIdempotencyKeyBytesMax + 1, 'k'), false},
        {"", false},
        {"a\tb", false},
        {"\xC3\xBC", false},
        {"\xFF", false},
        {std::string("a\0b", 3), false},
    };
    for (const auto& row : table) {
        const auto response = sale(sale_body(), key(row.text));
        EXPECT_EQ(response.status == 200 ? "" : outcome(response), row.expected ? "" : kRefused)
            << row.text;
        // Only a POST has one.
        EXPECT_EQ(send("GET", "/track/log", {}, key(row.text)).status, 200);
    }
}

// 256 callers tell the same thing at the same moment, round after round: it happens once, and all
// of them hear the same.
TEST_P(CallTest, ManyAtOnceAreOneEffect) {
    const auto link = known_customer();
    constexpr int kCallers = 256;
    constexpr int kRounds = 6;
    for (int round = 0; round < kRounds; ++round) {
        const auto name = "round-" + std::to_string(round);
        const bool by_key = round % 2 == 0;
        const auto body = by_key ? sale_body() : invoice_body(name);
        const auto headers = by_key ? key(name) : Headers{};
        std::vector<Response> answers(kCallers);
        {
            std::vector<std::jthread> callers;
            for (auto& answer : answers) {
                callers.emplace_back([&] { answer = sale(body, headers); });
            }
        }
        int firsts = 0;
        for (const auto& answer : answers) {
            EXPECT_EQ(answer.status, 200) << answer.body;
            EXPECT_EQ(answer.body, answers.front().body);
            if (header_of(answer, "Idempotent-Replayed").empty()) ++firsts;
        }
        EXPECT_EQ(firsts, 1);
        EXPECT_EQ(totals(link).sales, round + 1);
        EXPECT_EQ(totals(link).sale_amount, 100 * (round + 1));
    }
    EXPECT_EQ(rows().sales, kRounds);
    EXPECT_EQ(rows().sale_events, kRounds);
    EXPECT_EQ(totals(link).conversions, 1);
    EXPECT_EQ(log(10'000).size(), 1U + kCallers * kRounds);
}

HW_ON_BOTH_ENGINES(CallTest);

}  // namespace
}  // namespace hw
