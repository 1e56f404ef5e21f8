// SPDX-License-Identifier: Apache-2.0
#include "api/receive_hook.hpp"

#include "base/limits.hpp"
#include "store/inbox.hpp"
#include "store/job_list.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ReceiveHookTest : public TrackApiTest {
  protected:
    ReceiveHookTest() {
        secret = "whsec_of_workspace_" + workspace_id;
        const auto made =
            post("/payment-connections", {{"provider", "stripe"}, {"secret", secret}});
        EXPECT_EQ(made.status, 201) << made.body;
        id = std::string(json_of(made).at("id").as_string());
    }
    Response deliver(std::string_view body, std::string_view signature, std::string to = {}) {
        const auto path = to.empty() ? "/hooks/stripe/" + id : to;
        return send("POST", path, body,
                    {{"Authorization", ""}, {"Fake-Signature", std::string(signature)}});
    }
    Json list(const std::string& what) {
        return json_of(send("GET", "/payment-connections/" + id + "/" + what));
    }

    std::string secret;
    std::string id;
};

TEST_P(ReceiveHookTest, OnceForEver) {
    const auto first = deliver(R"({"id":"evt_1"})", secret);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.body, R"({"received":true})");
    env.advance_ms(365LL * 86'400'000);
    EXPECT_EQ(deliver(R"({"id":"evt_1"})", secret).body, R"({"received":true,"duplicate":true})");
    const auto rows = list("deliveries").as_array();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows.front().at("state"), "received");
    EXPECT_EQ(rows.front().at("deliveryId"), "evt_1");
    const auto kept = *read([&](Tx& tx) -> Result<std::optional<InboxRow>> {
        return find_inbox(tx, rows.front().at("id").as_string());
    });
    EXPECT_EQ(kept->body, R"({"id":"evt_1"})");
    ASSERT_EQ(kept->headers.size(), 1U);
    EXPECT_EQ(kept->headers.front().second, secret);
}

TEST_P(ReceiveHookTest, Answers) {
    struct Row {
        std::string body;
        std::string signature;
        std::string path;
        std::string expected;
    };
    const auto mine = "/hooks/stripe/" + id;
    const Row rows[] = {
        {R"({"id":"evt_1"})", secret, mine, R"(200 {"received":true})"},
        {R"({"id":"evt_2"})", secret, "/api" + mine, R"(200 {"received":true})"},
        {R"({"id":"evt_3","test":1})", secret, mine, R"(200 {"received":true})"},
        {R"({"id":"evt_4","thin":1})", secret, mine, R"(200 {"received":true})"},
        {R"({"id":"evt_5"})", "x", mine,
         R"(400 {"error":"signature_verification_failed","reason":"no_match"})"},
        {R"([1])", secret, mine, R"(400 {"error":"not_an_event","reason":"not_an_event"})"},
        {"\xff\x00 no text", "x", mine,
         R"(400 {"error":"signature_verification_failed","reason":"no_match"})"},
        {R"({"id":"evt_6"})", secret, mine + "0", "404 No payment connection has this address"},
        {R"({"id":"evt_6"})", secret, "/hooks/paddle/" + id, "404 No payment connection"},
        {std::string(limits::kBodyBytesMax + 1, ' '), secret, mine, "413 The body is longer"},
    };
    for (const auto& row : rows) {
        const auto answer = deliver(row.body, row.signature, row.path);
        const auto seen = answer.status == 400 ? "400 " + answer.body : outcome(answer);
        EXPECT_TRUE(seen.starts_with(row.expected)) << seen << " instead of " << row.expected;
        env.advance_ms(1);  // ids of the same millisecond have no order
    }
    EXPECT_EQ(list("deliveries").as_array().size(), 4U);
    EXPECT_EQ(list("quarantine").as_array().size(), 3U);
    const auto ignored = list("deliveries?state=ignored").as_array();
    ASSERT_EQ(ignored.size(), 2U);
    EXPECT_EQ(ignored[0].at("reason"), "thin_event");
    EXPECT_EQ(ignored[1].at("reason"), "mode_mismatch");
    const auto connection = json_of(send("GET", "/payment-connections/" + id));
    EXPECT_TRUE(connection.at("warning").as_string().starts_with("Thin events arrive"));
}

TEST_P(ReceiveHookTest, TooMany) {
    restart({.rate_limits = {.hook = 2}, .providers = {&provider}});
    EXPECT_EQ(deliver(R"({"id":"evt_1"})", secret).status, 200);
    EXPECT_EQ(deliver(R"({"id":"evt_2"})", "x").status, 400);
    const auto refused = deliver(R"({"id":"evt_3"})", secret);
    EXPECT_EQ(refused.status, 429);
    EXPECT_NE(header_of(refused, "Retry-After"), "");
    EXPECT_EQ(list("quarantine").as_array().size(), 1U);
}

TEST_P(ReceiveHookTest, AGoneConnectionTakesNothing) {
    EXPECT_EQ(send("DELETE", "/payment-connections/" + id).status, 200);
    EXPECT_EQ(deliver(R"({"id":"evt_1"})", secret).status, 404);
    // Its secret may be used again.
    EXPECT_EQ(post("/payment-connections", {{"provider", "stripe"}, {"secret", secret}}).status,
              201);
}

HW_ON_BOTH_ENGINES(ReceiveHookTest);

}  // namespace
}  // namespace hw
