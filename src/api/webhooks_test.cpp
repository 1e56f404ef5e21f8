// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class WebhooksApiTest : public TrackApiTest {
  protected:
    Response make(const std::string& path) {
        env.advance_ms(1);
        return post("/webhooks", {{"url", "https://hooks.example/" + path},
                                  {"name", path},
                                  {"events", {"sale.created", "lead.created"}}});
    }
    static std::string text(const Json& value, std::string_view name) {
        return std::string(value.at(name).as_string());
    }
};

TEST_P(WebhooksApiTest, TellTheSecretOnce) {
    const auto made = make("a");
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(header_of(made, "Cache-Control"), "no-store");
    const auto body = json_of(made);
    const auto secret = text(body, "secret");
    EXPECT_TRUE(secret.starts_with("whsec_")) << secret;
    EXPECT_EQ(body.at("events"), (boost::json::array{"lead.created", "sale.created"}));
    const auto path = "/webhooks/" + text(body, "id");
    for (const auto& answer :
         {send("GET", path), send("GET", "/webhooks"), send("PATCH", path, R"({"name":"b"})"),
          send("POST", path + "/enable")}) {
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_FALSE(answer.body.contains("whsec_")) << answer.body;
        EXPECT_FALSE(answer.body.contains("\"secret\"")) << answer.body;
    }
    const auto rotated = send("POST", path + "/rotate-secret");
    EXPECT_EQ(rotated.status, 200);
    EXPECT_NE(text(json_of(rotated), "secret"), secret);
    EXPECT_EQ(text(json_of(rotated), "previousSecretValidUntil"), "2026-09-22T14:13:20.001Z");
    EXPECT_FALSE(rotated.body.contains(secret));
}

TEST_P(WebhooksApiTest, Rotate) {
    const auto path = "/webhooks/" + text(json_of(make("a")), "id") + "/rotate-secret";
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {R"({"keepHours":168})", "\"previousSecretValidUntil\":\"2026-09-28T14:13:20.001Z\""},
        {R"({"keepHours":0})", "\"previousSecretValidUntil\":null"},
        {R"({"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})",
         "\"secret\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\""},
        {R"({"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})",
         "422 secret: this is the secret already"},
        {R"({"keepHours":169})", "422 too_big: keepHours: Too big: expected number to be <=168"},
        {R"({"keepHours":-1})", "422 too_small: keepHours: Too small: expected number to be >=0"},
        {R"({"secret":"x"})", "422 secret: expected \"whsec_\" and 24 to 64 bytes"},
    };
    for (const auto& row : rows) {
        const auto seen = outcome(send("POST", path, row.body));
        EXPECT_TRUE(seen.contains(row.expected)) << row.body << ": " << seen;
    }
}

TEST_P(WebhooksApiTest, Refuse) {
    const auto id = text(json_of(make("a")), "id");
    struct Row {
        std::string method;
        std::string path;
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {"POST", "", R"({"events":["lead.created"]})", "422 url: say where"},
        {"POST", "", R"({"url":"https://x.example/"})", "422 events: say which"},
        {"POST", "", R"({"url":"https://x.example/","events":["x"]})",
         "422 events: received \"x\", which is none of alert.delivery_dead"},
        {"POST", "", R"({"url":"https://hooks.example/a","events":["lead.created"]})",
         "409 url: an endpoint with the URL https://hooks.example/a exists already"},
        {"POST", "", R"({"url":"https://127.0.0.1/","events":["lead.created"]})",
         "422 url: received \"https://127.0.0.1/\": the address is private"},
        {"POST", "",
         R"({"url":"https://x.example/","events":["link.clicked"],"linkIds":["a"],)"
         R"("folderIds":["b"]})",
         "422 invalid_value: folderIds: Give linkIds or folderIds, not both."},
        {"POST", "", R"({"url":7,"events":["lead.created"]})", "422 invalid_type: url"},
        {"POST", "", R"({"url":"https://x.example/","events":["link.clicked"],"linkScope":"all"})",
         "422 invalid_value: linkScope"},
        {"PATCH", "/" + id, R"({"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})",
         "422 unrecognized_keys: secret"},
        {"GET", "/wh_none", "", "404 Webhook not found."},
        {"POST", "/wh_none/ping", "", "404 Webhook not found."},
    };
    for (const auto& row : rows) {
        const auto seen = outcome(send(row.method, "/webhooks" + row.path, row.body));
        EXPECT_TRUE(seen.contains(row.expected)) << row.body << ": " << seen;
    }
}

TEST_P(WebhooksApiTest, KeepAScopeOfLinks) {
    const auto link = make_link("k");
    const auto made = post("/webhooks", {{"url", "https://hooks.example/"},
                                         {"events", {"link.clicked"}},
                                         {"linkScope", "links"},
                                         {"linkIds", {link.link_id}}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(json_of(made).at("linkIds"), boost::json::array{link.link_id});
    EXPECT_EQ(json_of(made).at("folderIds"), boost::json::array{});
    const auto path = "/webhooks/" + text(json_of(made), "id");
    const auto wide = send("PATCH", path, R"({"linkScope":"workspace"})");
    ASSERT_EQ(wide.status, 200) << wide.body;
    EXPECT_EQ(json_of(wide).at("linkIds"), boost::json::array{});
}

TEST_P(WebhooksApiTest, ListAndGo) {
    const auto a = text(json_of(make("a")), "id");
    const auto b = text(json_of(make("b")), "id");
    const auto listed = json_of(send("GET", "/webhooks")).as_array();
    ASSERT_EQ(listed.size(), 2);
    EXPECT_EQ(text(listed[0], "id"), a);
    EXPECT_EQ(send("DELETE", "/webhooks/" + a).body, R"({"id":")" + a + "\"}");
    EXPECT_EQ(send("DELETE", "/webhooks/" + a).status, 404);
    EXPECT_EQ(json_of(send("GET", "/webhooks")).as_array().size(), 1);
}

TEST_P(WebhooksApiTest, NeedTheScope) {
    const Headers reader = {{"Authorization", "Bearer " + make_api_key("webhooks.read")}};
    EXPECT_EQ(send("GET", "/webhooks", "", reader).status, 200);
    EXPECT_EQ(send("POST", "/webhooks", "{}", reader).status, 403);
}

HW_ON_BOTH_ENGINES(WebhooksApiTest);

}  // namespace
}  // namespace hw
