// SPDX-License-Identifier: Apache-2.0
#include "api/payment_connections.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class PaymentConnectionsTest : public TrackApiTest {
  protected:
    std::string secret(const std::string& name) {
        return "whsec_of_somebody_" + name + "_" + workspace_id;
    }
    std::string make(const std::string& name) {
        env.advance_ms(1);
        const auto made =
            post("/payment-connections", {{"provider", "stripe"}, {"secret", secret(name)}});
        EXPECT_EQ(made.status, 201) << made.body;
        return std::string(json_of(made).at("id").as_string());
    }
    Response deliver(const std::string& id, const std::string& body, const std::string& signature) {
        return send("POST", "/hooks/stripe/" + id, body,
                    {{"Authorization", ""}, {"Fake-Signature", signature}});
    }
};

TEST_P(PaymentConnectionsTest, NeverTellTheSecret) {
    const auto id = make("a");
    EXPECT_EQ(id.size(), 32U);
    const auto path = "/payment-connections/" + id;
    const auto rotated = post(path + "/rotate-secret", {{"secret", secret("b")}});
    EXPECT_EQ(rotated.status, 200) << rotated.body;
    for (const auto& answer : {send("GET", path), send("GET", "/payment-connections"), rotated}) {
        EXPECT_EQ(answer.status, 200);
        EXPECT_FALSE(answer.body.contains("whsec_")) << answer.body;
    }
    const auto body = json_of(send("GET", path));
    EXPECT_EQ(body.at("url").as_string(), "https://headwater.example/hooks/stripe/" + id);
    EXPECT_EQ(body.at("mode"), "live");
    EXPECT_TRUE(body.at("warning").is_null());
    ASSERT_EQ(body.at("secrets").as_array().size(), 2U);
    EXPECT_TRUE(body.at("secrets").at(0).at("validUntil").is_null());
    EXPECT_FALSE(body.at("secrets").at(1).at("validUntil").is_null());
}

TEST_P(PaymentConnectionsTest, TheOldSecretLivesAsLongAsSaid) {
    const auto id = make("a");
    const auto path = "/payment-connections/" + id + "/rotate-secret";
    EXPECT_EQ(post(path, {{"secret", secret("b")}, {"keepHours", 1}}).status, 200);
    EXPECT_EQ(deliver(id, R"({"id":"evt_1"})", secret("a")).status, 200);
    EXPECT_EQ(deliver(id, R"({"id":"evt_2"})", secret("b")).status, 200);
    env.advance_ms(3'600'001);
    EXPECT_EQ(deliver(id, R"({"id":"evt_3"})", secret("a")).status, 400);
    // Two at most: the oldest goes at once.
    EXPECT_EQ(post(path, {{"secret", secret("c")}, {"keepHours", 9}}).status, 200);
    EXPECT_EQ(post(path, {{"secret", secret("d")}, {"keepHours", 9}}).status, 200);
    EXPECT_EQ(deliver(id, R"({"id":"evt_4"})", secret("b")).status, 400);
    EXPECT_EQ(deliver(id, R"({"id":"evt_5"})", secret("c")).status, 200);
}

TEST_P(PaymentConnectionsTest, ANewSecretVouchesForWhatWaited) {
    const auto id = make("a");
    EXPECT_EQ(deliver(id, R"({"id":"evt_1"})", secret("b")).status, 400);
    EXPECT_EQ(deliver(id, R"({"id":"evt_2"})", "forged").status, 400);
    const auto path = "/payment-connections/" + id;
    EXPECT_EQ(send("POST", path + "/quarantine/verify").body, R"({"accepted":0,"left":2})");
    const auto rotated = post(path + "/rotate-secret", {{"secret", secret("b")}});
    EXPECT_EQ(json_of(rotated).at("accepted"), 1);
    EXPECT_EQ(send("POST", path + "/quarantine/verify").body, R"({"accepted":0,"left":1})");
    const auto rows = json_of(send("GET", path + "/deliveries")).as_array();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].at("deliveryId"), "evt_1");
    const auto left = json_of(send("GET", path + "/quarantine")).as_array();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].at("reason"), "no_match");
    EXPECT_EQ(left[0].at("bytes"), 14);
}

TEST_P(PaymentConnectionsTest, Refuse) {
    const auto id = make("a");
    const auto taken = secret("a");
    struct Row {
        std::string path;
        Object body;
        std::string expected;
    };
    const Row rows[] = {
        {"", {}, "422 invalid_type: provider"},
        {"", {{"provider", "paddle"}}, "422 invalid_value: provider: Received \"paddle\""},
        {"", {{"provider", "stripe"}, {"mode", "both"}}, "422 invalid_value: mode"},
        {"", {{"provider", "stripe"}, {"secret", "short"}}, "422 secret: received 5 characters"},
        {"",
         {{"provider", "stripe"}, {"secret", std::string(256, 'a')}},
         "422 secret: received 256"},
        {"",
         {{"provider", "stripe"}, {"secret", "with a blank in it"}},
         "422 secret: received 18 characters; expected 16 to 255 without blanks"},
        {"",
         {{"provider", "stripe"}, {"secret", taken}},
         "409 secret: a connection of this server"},
        {"",
         {{"provider", "stripe"}, {"secrets", {secret("x"), secret("y"), secret("z")}}},
         "422 secrets: received 3; at most 2"},
        {"/" + id + "/rotate-secret", {}, "422 invalid_type: secret"},
        {"/" + id + "/rotate-secret", {{"secret", taken}}, "409 secret:"},
        {"/" + id + "/rotate-secret",
         {{"secret", secret("b")}, {"keepHours", 169}},
         "422 too_big: keepHours"},
        {"/none/rotate-secret", {{"secret", secret("b")}}, "404 Payment connection not found."},
    };
    for (const auto& row : rows) {
        const auto seen = outcome(post("/payment-connections" + row.path, row.body));
        EXPECT_TRUE(seen.starts_with(row.expected)) << seen << " instead of " << row.expected;
    }
}

TEST_P(PaymentConnectionsTest, NotMoreThanFifty) {
    for (int i = 0; i < 50; ++i) make("n" + std::to_string(i));
    const auto seen = outcome(post("/payment-connections", {{"provider", "stripe"}}));
    EXPECT_TRUE(seen.starts_with("409 The workspace has 50 connections")) << seen;
}

HW_ON_BOTH_ENGINES(PaymentConnectionsTest);

}  // namespace
}  // namespace hw
