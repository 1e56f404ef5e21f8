// SPDX-License-Identifier: Apache-2.0
#include "api/track_lead.hpp"

#include <algorithm>

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class TrackLeadApiTest : public TrackApiTest {};

TEST_P(TrackLeadApiTest, TheWholeAnswer) {
    auto link = make_link("Lead");
    change(link, [](Link& l) {
        l.partner_id = "pn_1";
        l.program_id = "prog_1";
        l.tenant_id = "tenant-1";
        l.external_id = "ext-1";
    });
    const auto click = make_click(link);
    const Object body{{"clickId", " " + click + " "},        {"eventName", " Sign up "},
                      {"customerExternalId", "user-1"},      {"customerName", "Ada"},
                      {"customerEmail", "ada@shop.example"}, {"metadata", Object{{"plan", "pro"}}},
                      {"unknown", Object{{"is", "dropped"}}}};
    const auto first = lead(body);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.content_type, "application/json");
    EXPECT_EQ(first.body,
              R"({"click":{"id":")" + click + R"("},"link":{"id":")" + link.link_id +
                  R"(","domain":")" + domain + R"(","key":"Lead","shortLink":"https://)" + domain +
                  R"(/Lead","url":"https://shop.example/landing","partnerId":"pn_1",)"
                  R"("programId":"prog_1","tenantId":"tenant-1","externalId":"ext-1"},)"
                  R"("customer":{"name":"Ada","email":"ada@shop.example","avatar":null,)"
                  R"("externalId":"user-1"}})");
    // A repeat has no link, and otherwise the same keys.
    EXPECT_EQ(lead(body).body, R"({"click":{"id":")" + click +
                                   R"("},"link":null,"customer":{"name":"Ada",)"
                                   R"("email":"ada@shop.example","avatar":null,)"
                                   R"("externalId":"user-1"}})");
    // An empty click id stands for the customer's own.
    const auto second = lead({{"clickId", ""}, {"eventName", "x"}, {"externalId", "user-1"}});
    EXPECT_EQ(json_of(second).at("click").at("id").as_string(), click);
}

TEST_P(TrackLeadApiTest, AnswersOfPlainLinksHaveNullsAndNoMissingKeys) {
    const auto click = make_click(make_link("plain"));
    const auto body = json_of(
        lead({{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "user-1"}}));
    EXPECT_EQ(keys_of(body), (std::vector<std::string>{"click", "link", "customer"}));
    EXPECT_EQ(keys_of(body.at("click")), (std::vector<std::string>{"id"}));
    EXPECT_EQ(keys_of(body.at("link")),
              (std::vector<std::string>{"id", "domain", "key", "shortLink", "url", "partnerId",
                                        "programId", "tenantId", "externalId"}));
    EXPECT_EQ(keys_of(body.at("customer")),
              (std::vector<std::string>{"name", "email", "avatar", "externalId"}));
    for (const auto* key : {"partnerId", "programId", "tenantId", "externalId"}) {
        EXPECT_TRUE(body.at("link").at(key).is_null()) << key;
    }
    for (const auto* key : {"email", "avatar"}) {
        EXPECT_TRUE(body.at("customer").at(key).is_null()) << key;
    }
    // Somebody without a name gets one.
    EXPECT_GE(std::ranges::count_if(body.at("customer").at("name").as_string(),
                                    [](char c) { return c == ' '; }),
              2);
}

TEST_P(TrackLeadApiTest, KeysAreShownAsTheirOwnersWroteThem) {
    auto link = make_link("xn--9ca");
    for (const auto& [key, expected] : {std::pair("xn--9ca", "\xC3\xA9"), {"_root", ""}}) {
        link.key = link.key_folded = key;
        const auto before = link;
        const auto done = write([&](Tx& tx) -> Result<bool> {
            update_link(tx, link, before);
            return true;
        });
        ASSERT_TRUE(done.has_value());
        const auto shown = json_of(lead({{"clickId", make_click(link)},
                                         {"eventName", std::string("event ") + key},
                                         {"customerExternalId", "user-1"}}))
                               .at("link");
        const std::string suffix = *expected == '\0' ? "" : "/" + std::string(expected);
        EXPECT_EQ(shown.at("shortLink").as_string(), "https://" + domain + suffix);
        EXPECT_EQ(shown.at("key").as_string(), *expected == '\0' ? "_root" : expected);
    }
}

TEST_P(TrackLeadApiTest, RefusalsByText) {
    const auto click = make_click(make_link("refused"));
    const std::string base =
        R"("clickId":")" + click + R"(","customerExternalId":"u","eventName":"Sign up")";
    const auto with = [&](const std::string& more) { return "{" + base + "," + more + "}"; };
    const std::string long_255(255, 'a');
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {"{}", "422 invalid_type: eventName: Invalid input: expected string, received undefined"},
        {R"({"eventName":""})", "422 too_small: eventName: eventName is required"},
        {R"({"eventName":" \t"})", "422 too_small: eventName: eventName is required"},
        {R"({"eventName":null})",
         "422 invalid_type: eventName: Invalid input: expected string, received null"},
        {R"({"eventName":")" + long_255 + R"(a"})",
         "422 too_big: eventName: Too big: expected string to have <=255 characters"},
        {R"({"eventName":"x","clickId":5})",
         "422 invalid_type: clickId: Invalid input: expected string, received number"},
        {R"({"eventName":"x"})", "400 customerExternalId is required"},
        {R"({"eventName":"x","customerExternalId":"","externalId":null,"customerId":""})",
         "400 customerExternalId is required"},
        {R"({"eventName":"x","customerExternalId":5})",
         "422 invalid_type: customerExternalId: Invalid input: expected string, received number"},
        {R"({"eventName":"x","customerExternalId":")" + long_255 + R"(a"})",
         "422 too_big: customerExternalId: Too big: expected string to have <=255 characters"},
        {R"({"eventName":"x","customerExternalId":"u"})",
         "400 The `clickId` property was not provided in the request, and no existing customer "
         "with the provided `customerExternalId` was found."},
        {R"({"eventName":"x","customerExternalId":"u","clickId":null})",
         "400 The `clickId` property was not provided in the request, and no existing customer "
         "with the provided `customerExternalId` was found."},
        {R"({"eventName":"x","customerExternalId":"u","clickId":"nope"})",
         "404 Click event not found for clickId: nope"},
        {with(R"("customerName":")" + std::string(101, 'a') + "\""),
         "422 too_big: customerName: Too big: expected string to have <=100 characters"},
        {with(R"("customerEmail":"nope")"),
         "422 invalid_format: customerEmail: Invalid email address"},
        {with(R"("customerEmail":"")"), "422 invalid_format: customerEmail: Invalid email address"},
        {with(R"("customerAvatar":5)"),
         "422 invalid_type: customerAvatar: Invalid input: expected string, received number"},
        {with(R"("mode":"later")"),
         "422 invalid_value: mode: Invalid option: expected one of "
         "\"async\"|\"wait\"|\"deferred\""},
        {with(R"("eventQuantity":0)"),
         "422 too_small: eventQuantity: Too small: expected number to be >0"},
        {with(R"("eventQuantity":-1)"),
         "422 too_small: eventQuantity: Too small: expected number to be >0"},
        {with(R"("eventQuantity":101)"),
         "422 too_big: eventQuantity: Too big: expected number to be <=100"},
        {with(R"("eventQuantity":1.5)"),
         "422 invalid_type: eventQuantity: Invalid input: expected int, received number"},
        {with(R"("eventQuantity":"2")"),
         "422 invalid_type: eventQuantity: Invalid input: expected number, received string"},
        {with(R"("metadata":[])"),
         "422 invalid_type: metadata: Invalid input: expected record, received array"},
        {with(R"("metadata":{"k":")" + std::string(9'993, 'a') + "\"}"),
         "422 custom: metadata: Metadata must be less than 10,000 characters when stringified"},
        {with(R"("eventName":"again")"),
         "422 custom: eventName: The key appears more than once in the body"},
        {"[]", "422 invalid_type: : Invalid input: expected object, received array"},
        {"{",
         "400 Invalid JSON format in request body. Please ensure the request body is a valid "
         "JSON object."},
        {with(R"("customerName":"a\u0000b")"),
         "422 invalid_format: customerName: Invalid input: the character U+0000 is not allowed"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("POST", "/track/lead", row.body)), row.expected) << row.body;
    }
    EXPECT_EQ(TrackApiTest::rows(), (RowCounts{.clicks = 1}));
    // The longest of everything is taken.
    const auto longest = with(R"("customerName":")" + std::string(100, 'a') +
                              R"(","metadata":{"k":")" + std::string(9'992, 'a') +
                              R"("},"eventQuantity":null,"mode":"wait","customerEmail":null)");
    EXPECT_EQ(send("POST", "/track/lead", longest).status, 200);
    const auto longest_names = R"({"clickId":")" + click + R"(","customerExternalId":")" +
                               long_255 + R"(","eventName":")" + long_255 + "\"}";
    EXPECT_EQ(send("POST", "/track/lead", longest_names).status, 200);
}

TEST_P(TrackLeadApiTest, TheOldNamesOfTheExternalId) {
    const auto click = make_click(make_link("names"));
    struct Row {
        Object body;
        std::string expected;
    };
    const Row rows[] = {
        {{{"customerExternalId", "a"}, {"externalId", "b"}, {"customerId", "c"}}, "a"},
        {{{"externalId", "b"}, {"customerId", "c"}}, "b"},
        {{{"customerId", "c"}}, "c"},
        {{{"customerExternalId", ""}, {"externalId", "b"}}, "b"},
        {{{"customerExternalId", nullptr}, {"customerId", "c"}}, "c"},
        {{{"customerExternalId", "\xC3\xBC \xF0\x9F\x98\x80"}}, "\xC3\xBC \xF0\x9F\x98\x80"},
    };
    for (const auto& row : rows) {
        auto body = row.body;
        body["clickId"] = click;
        body["eventName"] = "Sign up";
        EXPECT_EQ(json_of(lead(body)).at("customer").at("externalId").as_string(), row.expected);
    }
}

TEST_P(TrackLeadApiTest, ModesAndQuantity) {
    const auto link = make_link("modes");
    const Object deferred{{"clickId", make_click(link)},
                          {"eventName", "Sign up"},
                          {"customerExternalId", "user-1"},
                          {"mode", "deferred"},
                          {"eventQuantity", 3}};
    EXPECT_FALSE(json_of(lead(deferred)).at("link").is_null());
    EXPECT_EQ(totals(link).leads, 0);
    const auto real = lead({{"clickId", nullptr},
                            {"eventName", "Sign up"},
                            {"customerExternalId", "user-1"},
                            {"mode", "wait"},
                            {"eventQuantity", 3}});
    EXPECT_FALSE(json_of(real).at("link").is_null());
    EXPECT_EQ(totals(link).leads, 3);
    // A sale straight after it finds it.
    EXPECT_EQ(sale({{"customerExternalId", "user-1"}, {"amount", 5}}).status, 200);
    EXPECT_EQ(totals(link).sales, 1);
}

HW_ON_BOTH_ENGINES(TrackLeadApiTest);

}  // namespace
}  // namespace hw
