// SPDX-License-Identifier: Apache-2.0
// What every call goes through: where a request belongs, who may call, how it is refused.
#include "api/api.hpp"

#include "base/civil_time.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

constexpr std::string_view kDocs = "https://dub.co/docs/api-reference/errors#";

class ApiCallTest : public TrackApiTest {
  protected:
    // The whole body of a refusal.
    static std::string error_body(std::string_view code, std::string_view anchor,
                                  std::string_view message) {
        return boost::json::serialize(boost::json::object{
            {"error", boost::json::object{{"code", code},
                                          {"message", message},
                                          {"doc_url", std::string(kDocs) + std::string(anchor)}}}});
    }
    std::string make_expiring_key(std::int64_t expires_at_ms) {
        const auto key = "dub_" + random_text(24, env);
        const auto made = write([&](Tx& tx) -> Result<bool> {
            return insert_api_key(tx, {.key_hash = sha256_hex(key),
                                       .workspace_id = workspace_id,
                                       .api_key_id = tx.new_id("key_"),
                                       .name = "Test",
                                       .display = "dub_...",
                                       .scopes = "apis.all",
                                       .created_at_ms = tx.now_ms(),
                                       .expires_at_ms = expires_at_ms});
        });
        HW_ASSERT(made && *made);
        return key;
    }
};

TEST_P(ApiCallTest, KeysByText) {
    struct Row {
        std::string authorization;
        int status;
        std::string expected;
    };
    const auto invalid =
        error_body("unauthorized", "unauthorized", "Unauthorized: Invalid API key.");
    const auto misconfigured = error_body(
        "bad_request", "bad-request",
        "Misconfigured authorization header. Did you forget to add 'Bearer '? Learn more: "
        "https://d.to/auth");
    const Row rows[] = {
        {"", 401, error_body("unauthorized", "unauthorized", "Missing Authorization header.")},
        {api_key, 400, misconfigured},
        {"Basic " + api_key, 400, misconfigured},
        {"bearer " + api_key, 400, misconfigured},
        {"Bearer", 400, misconfigured},
        {"Bearer ", 401, invalid},
        {"Bearer dub_unknown", 401, invalid},
        {"Bearer " + api_key + "x", 401, invalid},
        {"Bearer  " + api_key, 401, invalid},
        {"Bearer " + sha256_hex(api_key), 401, invalid},
        {"Bearer \xFF\xFE", 401, invalid},
    };
    for (int round = 0; round < 2; ++round) {  // the second answers come from the cache
        for (const auto& row : rows) {
            for (const auto* path : {"/track/lead", "/track/sale", "/api/track/sale"}) {
                const auto response =
                    send("POST", path, "{}", {{"Authorization", row.authorization}});
                EXPECT_EQ(response.status, row.status) << row.authorization;
                EXPECT_EQ(response.body, row.expected);
                EXPECT_EQ(response.content_type, "application/json");
            }
        }
    }
    // Nobody's request is in anybody's log.
    EXPECT_TRUE(log().empty());
}

TEST_P(ApiCallTest, KeysExpireAndAreRevoked) {
    const auto key = make_expiring_key(env.now_ms() + 1000);
    const Headers with_key{{"Authorization", "Bearer " + key}};
    const auto ask = [&] { return outcome(send("GET", "/track/log", {}, with_key)); };
    EXPECT_EQ(ask(), "200 []");
    env.advance_ms(999);
    EXPECT_EQ(ask(), "200 []");
    env.advance_ms(1);
    EXPECT_EQ(ask(), "401 Unauthorized: Access token expired.");

    const auto second = make_api_key("apis.all");
    const Headers with_second{{"Authorization", "Bearer " + second}};
    EXPECT_EQ(send("GET", "/track/log", {}, with_second).status, 200);
    const auto revoked = write([&](Tx& tx) -> Result<bool> {
        for (const auto& known : list_api_keys(tx, workspace_id)) {
            if (known.key_hash == sha256_hex(second)) {
                return delete_api_key(tx, workspace_id, known.api_key_id);
            }
        }
        return false;
    });
    ASSERT_TRUE(revoked && *revoked);
    EXPECT_EQ(outcome(send("GET", "/track/log", {}, with_second)),
              "401 Unauthorized: Invalid API key.");
    // A key that was unknown a moment ago is known as soon as it is made.
    const Headers ahead{{"Authorization", "Bearer dub_made_later"}};
    EXPECT_EQ(send("GET", "/track/log", {}, ahead).status, 401);
    const auto made = write([&](Tx& tx) -> Result<bool> {
        return insert_api_key(tx, {.key_hash = sha256_hex("dub_made_later"),
                                   .workspace_id = workspace_id,
                                   .api_key_id = tx.new_id("key_"),
                                   .name = "Later",
                                   .display = "dub_...",
                                   .scopes = "apis.all",
                                   .created_at_ms = 0,
                                   .expires_at_ms = std::nullopt});
    });
    ASSERT_TRUE(made && *made);
    EXPECT_EQ(send("GET", "/track/log", {}, ahead).status, 200);
}

TEST_P(ApiCallTest, Scopes) {
    struct Row {
        std::string scopes;
        bool may_write;
        bool may_read;
    };
    const Row rows[] = {
        {"apis.all", true, true},
        {"links.read apis.all", true, true},
        {"apis.read", false, true},
        {"conversions.write", true, false},
        {"links.write conversions.write", true, false},
        {"analytics.read", false, true},
        {"conversions.writer", false, false},
        {"conversions", false, false},
        {"apis", false, false},
        {"", false, false},
        {"  ", false, false},
    };
    for (const auto& row : rows) {
        env.advance_ms(1);  // the newest log entry is told by its time
        const Headers key{{"Authorization", "Bearer " + make_api_key(row.scopes)}};
        env.advance_ms(1);  // the log's order
        const auto written = send("POST", "/track/sale", "{}", key);
        const auto read = send("GET", "/conversions/none/explain", {}, key);
        EXPECT_EQ(written.status, row.may_write ? 422 : 403) << row.scopes;
        EXPECT_EQ(read.status, row.may_read ? 404 : 403) << row.scopes;
        if (row.may_write) continue;
        EXPECT_EQ(written.body,
                  error_body("forbidden", "forbidden",
                             "The provided key does not have the required permissions for this "
                             "endpoint on the workspace '" +
                                 workspace_id +
                                 "'. Having the 'conversions.write' permission would allow this "
                                 "request to continue."));
        // The workspace is known, so its log has it.
        EXPECT_EQ(log(1).front().reason, "no_scope");
    }
}

TEST_P(ApiCallTest, BothPrefixesAndNothingElse) {
    struct Row {
        std::string_view method;
        std::string_view path;
        int status;
        std::string_view allow;
    };
    const Row rows[] = {
        {"POST", "/track/sale", 422, ""},
        {"POST", "/api/track/sale", 422, ""},
        {"GET", "/track/sale", 405, "POST, OPTIONS"},
        {"HEAD", "/api/track/sale", 405, "POST, OPTIONS"},
        {"PUT", "/track/click", 405, "POST, OPTIONS"},
        {"DELETE", "/track/log", 405, "GET, HEAD, OPTIONS"},
        {"HEAD", "/track/log", 200, ""},
        {"OPTIONS", "/track/lead", 204, "POST, OPTIONS"},
        {"OPTIONS", "/api/track/click", 204, "POST, OPTIONS"},
        {"OPTIONS", "/track/nothing", 404, ""},
        {"POST", "/track", 404, ""},
        {"POST", "/track/sale/", 404, ""},
        {"POST", "/track//sale", 404, ""},
        {"POST", "//track/sale", 404, ""},
        {"POST", "/Track/Sale", 404, ""},
        {"POST", "/api/api/track/sale", 404, ""},
        {"POST", "/apitrack/sale", 404, ""},
        {"POST", "/api", 404, ""},
        {"GET", "/", 404, ""},
        {"GET", "/conversions//explain", 404, ""},
        {"GET", "/conversions/%00/explain", 404, ""},
        {"GET", "/conversions/a%00b/explain", 404, ""},
        {"GET", "/conversions/%FF%FE/explain", 404, ""},
        {"GET", "/conversions/%C3%BC/explain", 404, ""},
        {"GET", "/conversions/%zz/explain", 404, ""},
    };
    for (const auto& row : rows) {
        const auto response = send(row.method, row.path, row.method == "POST" ? "{}" : "");
        EXPECT_EQ(response.status, row.status) << row.method << " " << row.path;
        EXPECT_EQ(header_of(response, "Allow"), row.allow) << row.method << " " << row.path;
    }
    EXPECT_EQ(send("POST", "/track/nothing").body,
              error_body("not_found", "not-found",
                         "There is nothing at this path; see /openapi.json for the paths there "
                         "are."));
    EXPECT_EQ(send("GET", "/track/sale").body,
              error_body("not_found", "not-found",
                         "This path does not answer this method; see /openapi.json for those it "
                         "does."));
}

TEST_P(ApiCallTest, OnlyBrowserRoutesOpenUpToBrowsers) {
    const auto link = make_link("cors");
    const auto body =
        boost::json::serialize(boost::json::object{{"domain", domain}, {"key", "cors"}});
    struct Row {
        std::string_view method;
        std::string_view path;
        std::string_view body;
        int status;
        bool open;
    };
    const Row rows[] = {
        {"OPTIONS", "/track/click", "", 204, true},
        {"OPTIONS", "/api/track/click", "", 204, true},
        {"POST", "/track/click", body, 200, true},
        {"POST", "/track/click", "{", 400, true},
        {"POST", "/track/click", "{}", 422, true},
        {"POST", "/track/click", R"({"domain":"x","key":"y"})", 404, true},
        {"GET", "/track/click", "", 405, true},
        {"OPTIONS", "/track/sale", "", 204, false},
        {"POST", "/track/sale", "{}", 422, false},
        {"GET", "/track/log", "", 200, false},
        {"OPTIONS", "/nothing", "", 404, false},
    };
    for (const auto& row : rows) {
        const auto response = send(row.method, row.path, row.body);
        EXPECT_EQ(response.status, row.status) << row.method << " " << row.path;
        EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), row.open ? "*" : "")
            << row.method << " " << row.path;
        EXPECT_EQ(header_of(response, "Access-Control-Allow-Methods"),
                  row.open ? "POST, OPTIONS" : "");
        EXPECT_EQ(header_of(response, "Access-Control-Allow-Headers"),
                  row.open ? "Content-Type, Authorization, X-API-Token" : "");
        if (row.status == 204) {
            EXPECT_EQ(response.body, "");
        }
    }
}

// The host decides whether a path is the API's or a visitor's.
TEST_P(ApiCallTest, ByHost) {
    make_link("livez", "https://shop.example/from-livez");
    struct Row {
        std::string host;
        std::string_view path;
        int status;
    };
    const Row rows[] = {
        {"localhost", "/livez", 200},   {"127.0.0.1", "/livez", 200},
        {"[::1]", "/livez", 200},       {"", "/livez", 200},
        {domain, "/livez", 302},        {"unknown.example", "/livez", 200},
        {domain, "/track/sale", 404},   {"unknown.example", "/nothing", 404},
        {"localhost", "/nothing", 404}, {"\xFF\xFE.example", "/livez", 200},
    };
    for (int round = 0; round < 2; ++round) {
        for (const auto& row : rows) {
            EXPECT_EQ(send("GET", row.path, {}, {{"Host", row.host}}).status, row.status)
                << row.host << row.path;
        }
    }
    // A host that becomes a short domain is one from then on.
    const auto made = write([&](Tx& tx) -> Result<bool> {
        return insert_domain(tx, {.slug = "late." + domain,
                                  .workspace_id = workspace_id,
                                  .domain_id = tx.new_id("dom_"),
                                  .primary = false,
                                  .created_at_ms = 0});
    });
    EXPECT_EQ(send("GET", "/livez", {}, {{"Host", "late." + domain}}).status, 404);
    ASSERT_TRUE(made && *made);

    // The demo's host is both: the API's paths first, then short links.
    restart({.app_hosts = {domain}, .public_url = {}});
    EXPECT_EQ(send("GET", "/livez", {}, {{"Host", domain}}).status, 200);
    make_link("offer");
    EXPECT_EQ(send("GET", "/offer", {}, {{"Host", domain}}).status, 302);
    EXPECT_EQ(send("POST", "/offer", {}, {{"Host", domain}}).status, 405);
}

TEST_P(ApiCallTest, EveryOutcomeIsInTheLog) {
    const auto link = make_link("logged");
    const auto click = make_click(link);
    const std::string at_lead = "/track/lead";
    const std::string at_sale = "/api/track/sale";
    const auto lead_body = boost::json::serialize(
        Object{{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "u1"}});
    struct Row {
        std::string path;
        std::string body;
        int status;
        std::string reason;
        bool has_conversion;
    };
    const Row rows[] = {
        {at_lead, lead_body, 200, "", true},
        {at_lead, lead_body, 200, "repeat", false},
        {at_lead, "{", 400, "invalid_json", false},
        {at_lead, "\xFF", 400, "invalid_json", false},
        {at_lead, std::string("{}\0", 3), 400, "invalid_json", false},
        {at_lead, "{}", 422, "invalid_field", false},
        {at_lead, R"({"eventName":"x"})", 400, "no_external_id", false},
        {at_lead, R"({"eventName":"x","customerExternalId":"u9","clickId":"nope"})", 404,
         "click_not_found", false},
        {at_sale, R"({"customerExternalId":"u1","amount":100})", 200, "", true},
        {at_sale, R"({"customerExternalId":"u1","amount":100,"invoiceId":"i1"})", 200, "", true},
        {at_sale, R"({"customerExternalId":"u1","amount":100,"invoiceId":"i1"})", 200, "repeat",
         false},
        {at_sale, R"({"customerExternalId":"u1","amount":1,"invoiceId":"i1"})", 200,
         "repeat_with_other_content", false},
        {at_sale, R"({"customerExternalId":"u9","amount":100})", 200, "no_customer_and_no_click",
         true},
        {at_sale, R"({"customerExternalId":"u9","amount":100,"clickId":"nope"})", 404,
         "click_not_found", true},
        {at_sale, R"({"customerExternalId":"u1","amount":0})", 200, "amount_is_zero", false},
        {at_sale, R"({"customerExternalId":"u1","amount":-1})", 422, "invalid_field", false},
    };
    std::size_t count = 0;
    for (const auto& row : rows) {
        const auto response = send("POST", row.path, row.body);
        EXPECT_EQ(response.status, row.status) << row.body;
        env.advance_ms(1);
        const auto entries = log();
        ASSERT_EQ(entries.size(), ++count);
        const auto& entry = entries.front();
        EXPECT_EQ(entry.status, row.status);
        EXPECT_EQ(entry.reason, row.reason) << row.body;
        EXPECT_EQ(entry.conversion_id.has_value(), row.has_conversion) << row.body;
        EXPECT_EQ(entry.path, row.path);
        EXPECT_EQ(entry.method, "POST");
        EXPECT_EQ(entry.request_id, "test-request");
        EXPECT_EQ(entry.response_body, response.body);
        if (row.body != "\xFF" && !row.body.contains('\0')) {
            EXPECT_EQ(entry.request_body, row.body);
        }
    }
}

HW_ON_BOTH_ENGINES(ApiCallTest);

}  // namespace
}  // namespace hw
