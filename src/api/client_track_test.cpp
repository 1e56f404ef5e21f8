// SPDX-License-Identifier: Apache-2.0
// What pages tell with a publishable key: POST /track/lead/client and /track/sale/client.
#include "base/id.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ClientTrackApiTest : public TrackApiTest {
  protected:
    ClientTrackApiTest() {
        key = "dub_pk_" + random_text(24, env);
        const auto done = write([&](Tx& tx) -> Result<bool> {
            set_publishable_key(tx, workspace_id, key, std::nullopt);
            return true;
        });
        HW_ASSERT(done.has_value());
    }
    Response client_lead(const Object& body, Headers headers = {}) {
        return from_page("/track/lead/client", body, std::move(headers));
    }
    Response client_sale(const Object& body, Headers headers = {}) {
        return from_page("/track/sale/client", body, std::move(headers));
    }
    std::string key;

  private:
    Response from_page(std::string_view path, const Object& body, Headers headers) {
        headers.emplace_back("Authorization", "Bearer " + key);
        return post(path, body, headers);
    }
};

TEST_P(ClientTrackApiTest, LeadAndSaleAreThoseOfTheServerRoutes) {
    const auto link = make_link("page");
    const auto click = make_click(link);
    const Object lead_body{{"clickId", " " + click + " "},
                           {"eventName", "Sign up"},
                           {"customerExternalId", " ann "},
                           {"customerName", "Ann"}};
    const auto first = client_lead(lead_body);
    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(json_of(first).at("link").at("id").as_string(), link.link_id);
    EXPECT_EQ(json_of(first).at("customer").at("externalId").as_string(), "ann");
    EXPECT_EQ(header_of(first, "Access-Control-Allow-Origin"), "*");
    // One customer, whichever way a lead or a sale is told, and one invoice.
    auto again_body = lead_body;
    again_body["customerExternalId"] = "ann";
    EXPECT_TRUE(json_of(lead(again_body)).at("link").is_null());
    const Object sale_body{{"customerExternalId", "ann"}, {"amount", 4900}, {"invoiceId", "in-1"}};
    const auto sold = client_sale(sale_body);
    EXPECT_EQ(sold.status, 200) << sold.body;
    EXPECT_EQ(json_of(sold).at("sale").at("amount").as_int64(), 4900);
    const auto again = sale(sale_body);
    EXPECT_EQ(again.body, sold.body);
    EXPECT_EQ(header_of(again, "Idempotent-Replayed"), "true");
    EXPECT_EQ(totals(link).sales, 1);
    const auto entries = log();
    ASSERT_EQ(entries.size(), 4U);
    int from_pages = 0;
    for (const auto& entry : entries) from_pages += entry.path.ends_with("/client") ? 1 : 0;
    EXPECT_EQ(from_pages, 2);
}

TEST_P(ClientTrackApiTest, LeadBodiesByText) {
    make_click(make_link("page"));
    const std::string long_id(101, 'x');
    struct Row {
        Object body;
        std::string expected;
    };
    const Row rows[] = {
        {{}, "422 invalid_type: clickId: Invalid input: expected string, received undefined"},
        {{{"clickId", nullptr}},
         "422 invalid_type: clickId: Invalid input: expected string, received null"},
        {{{"clickId", 5}},
         "422 invalid_type: clickId: Invalid input: expected string, received number"},
        {{{"clickId", ""}},
         "422 invalid_type: eventName: Invalid input: expected string, received undefined"},
        {{{"clickId", ""}, {"eventName", " "}}, "422 too_small: eventName: eventName is required"},
        {{{"clickId", ""}, {"eventName", "x"}},
         "422 invalid_type: customerExternalId: Invalid input: expected string, received "
         "undefined"},
        {{{"clickId", ""}, {"eventName", "x"}, {"externalId", "ann"}},
         "422 invalid_type: customerExternalId: Invalid input: expected string, received "
         "undefined"},
        {{{"clickId", ""}, {"eventName", "x"}, {"customerExternalId", nullptr}},
         "422 invalid_type: customerExternalId: Invalid input: expected string, received null"},
        {{{"clickId", ""}, {"eventName", "x"}, {"customerExternalId", "  "}},
         "422 too_small: customerExternalId: customerExternalId is required"},
        {{{"clickId", ""}, {"eventName", "x"}, {"customerExternalId", long_id}},
         "422 too_big: customerExternalId: Too big: expected string to have <=100 characters"},
        {{{"clickId", ""}, {"eventName", "x"}, {"customerExternalId", "ann"}, {"mode", "now"}},
         "422 invalid_value: mode: Invalid option: expected one of "
         "\"async\"|\"wait\"|\"deferred\""},
        {{{"clickId", ""}, {"eventName", "x"}, {"customerExternalId", long_id.substr(1)}},
         "400 The `clickId` property was not provided in the request, and no existing customer "
         "with the provided `customerExternalId` was found."},
        {{{"clickId", "nope"}, {"eventName", "x"}, {"customerExternalId", "ann"}},
         "404 Click event not found for clickId: nope"},
    };
    for (const auto& row : rows) {
        const auto response = client_lead(row.body);
        EXPECT_EQ(outcome(response), row.expected);
        EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "*");
    }
    EXPECT_EQ(log().size(), std::size(rows));
}

TEST_P(ClientTrackApiTest, SaleBodiesByText) {
    struct Row {
        Object body;
        std::string expected;
    };
    const Row rows[] = {
        {{},
         "422 invalid_type: customerExternalId: Invalid input: expected string, received "
         "undefined"},
        {{{"externalId", "ann"}, {"amount", 1}},
         "422 invalid_type: customerExternalId: Invalid input: expected string, received "
         "undefined"},
        {{{"customerExternalId", " "}, {"amount", 1}},
         "422 too_small: customerExternalId: customerExternalId is required"},
        {{{"customerExternalId", std::string(101, 'x')}, {"amount", 1}},
         "422 too_big: customerExternalId: Too big: expected string to have <=100 characters"},
        {{{"customerExternalId", "ann"}}, "422 invalid_type: amount: amount is required"},
        {{{"customerExternalId", "ann"}, {"amount", -1}},
         "422 too_small: amount: amount cannot be negative"},
        {{{"customerExternalId", "ann"}, {"amount", 1}},
         R"(200 {"eventName":"Purchase","customer":null,"sale":null})"},
    };
    for (const auto& row : rows) EXPECT_EQ(outcome(client_sale(row.body)), row.expected);
}

TEST_P(ClientTrackApiTest, KeysByText) {
    const std::string malformed = "400 Invalid or missing publishable key.";
    struct Row {
        std::string authorization;
        std::string expected;
    };
    const Row rows[] = {
        {"", "401 Missing publishable key."},
        {"Bearer " + api_key, malformed},
        {key, malformed},
        {"Bearer dub_pk_short", malformed},
        {"Bearer dub_pk_unknownUnknown00", "401 Invalid publishable key."},
        {"Bearer " + key,
         "422 invalid_type: customerExternalId: Invalid input: expected string, received "
         "undefined"},
    };
    for (int round = 0; round < 2; ++round) {
        for (const auto& row : rows) {
            const Headers headers{{"Authorization", row.authorization}};
            const auto response = send("POST", "/api/track/sale/client", "{}", headers);
            EXPECT_EQ(outcome(response), row.expected) << row.authorization;
            EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "*");
        }
    }
    // A publishable key is worth nothing anywhere else.
    const Headers with_key{{"Authorization", "Bearer " + key}};
    for (const auto* path : {"/track/sale", "/track/lead", "/links"}) {
        EXPECT_EQ(outcome(send("POST", path, "{}", with_key)),
                  "401 Unauthorized: Invalid API key.");
    }
}

TEST_P(ClientTrackApiTest, ANewKeyReplacesTheOldOne) {
    const auto before = key;
    EXPECT_EQ(client_sale({{"customerExternalId", "ann"}, {"amount", 1}}).status, 200);
    key = "dub_pk_" + random_text(24, env);
    EXPECT_EQ(client_sale({{"customerExternalId", "ann"}, {"amount", 1}}).status, 401);
    const auto done = write([&](Tx& tx) -> Result<bool> {
        set_publishable_key(tx, workspace_id, key, before);
        return true;
    });
    ASSERT_TRUE(done.has_value());
    EXPECT_EQ(client_sale({{"customerExternalId", "ann"}, {"amount", 1}}).status, 200);
    key = before;
    EXPECT_EQ(client_sale({{"customerExternalId", "ann"}, {"amount", 1}}).status, 401);
}

TEST_P(ClientTrackApiTest, HostsByText) {
    allow_hosts({"shop.example", "*.apps.example", "localhost"});
    const auto denied = [](std::string_view host) {
        return "403 Request origin '" + std::string(host) +
               "' is not included in the allowed hostnames for this workspace. Update your allowed "
               "hostnames here: https://app.dub.co/settings/tracking";
    };
    const std::string fine = R"(200 {"eventName":"Purchase","customer":null,"sale":null})";
    struct Row {
        Headers headers;
        std::string expected;
    };
    const Row rows[] = {
        {{}, denied("")},
        {{{"Origin", "https://shop.example"}}, fine},
        {{{"Referer", "https://www.shop.example/cart?x"}}, fine},
        {{{"Referer", "https://evil.example/"}, {"Origin", "https://shop.example"}},
         denied("evil.example")},
        {{{"Origin", "https://a.apps.example"}}, fine},
        {{{"Origin", "https://apps.example"}}, denied("apps.example")},
        {{{"Origin", "https://evilapps.example"}}, denied("evilapps.example")},
        {{{"Origin", "http://localhost:3000"}}, fine},
        {{{"Origin", "null"}}, denied("")},
    };
    for (const auto& row : rows) {
        const auto response =
            client_sale({{"customerExternalId", "ann"}, {"amount", 1}}, row.headers);
        EXPECT_EQ(outcome(response), row.expected);
        EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "*");
    }
    EXPECT_EQ(log().size(), std::size(rows));  // what was refused can be seen too
}

TEST_P(ClientTrackApiTest, PreflightsAndOtherMethods) {
    for (const auto* path : {"/track/lead/client", "/api/track/sale/client"}) {
        const auto preflight = send("OPTIONS", path, {}, {{"Authorization", ""}});
        EXPECT_EQ(preflight.status, 204);
        EXPECT_EQ(header_of(preflight, "Access-Control-Allow-Methods"), "POST, OPTIONS");
        EXPECT_EQ(header_of(preflight, "Access-Control-Allow-Headers"),
                  "Content-Type, Authorization, X-API-Token");
        const auto read = send("GET", path);
        EXPECT_EQ(read.status, 405);
        EXPECT_EQ(header_of(read, "Access-Control-Allow-Origin"), "*");
        EXPECT_EQ(outcome(send("POST", path, "{", {{"Authorization", "Bearer " + key}})),
                  "400 Invalid JSON format in request body. Please ensure the request body is a "
                  "valid JSON object.");
    }
}

HW_ON_BOTH_ENGINES(ClientTrackApiTest);

}  // namespace
}  // namespace hw
