// SPDX-License-Identifier: Apache-2.0
#include "api/track_sale.hpp"

#include "base/fx_file.hpp"
#include "store/customers.hpp"
#include "store/fx_rates.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class TrackSaleApiTest : public TrackApiTest {
  protected:
    // A customer with a lead.
    Link known_customer(const std::string& external_id = "user-1") {
        auto link = make_link("known-" + external_id);
        const auto made = lead({{"clickId", make_click(link)},
                                {"eventName", "Sign up"},
                                {"customerExternalId", external_id},
                                {"customerName", "Ada"}});
        HW_ASSERT(made.status == 200);
        env.advance_ms(1);
        return link;
    }
    std::string customer_id(const std::string& external_id = "user-1") {
        return *read([&](Tx& tx) -> Result<std::string> {
            return find_customer_by_external_id(tx, workspace_id, external_id)->customer_id;
        });
    }
};

TEST_P(TrackSaleApiTest, TheWholeAnswer) {
    known_customer();
    const auto plain = sale({{"customerExternalId", "user-1"}, {"amount", 1999}});
    EXPECT_EQ(plain.status, 200);
    EXPECT_EQ(plain.content_type, "application/json");
    EXPECT_EQ(plain.body, R"({"eventName":"Purchase","customer":{"id":")" + customer_id() +
                              R"(","name":"Ada","email":null,"avatar":null,)"
                              R"("externalId":"user-1"},"sale":{"amount":1999,"currency":"usd",)"
                              R"("paymentProcessor":"custom","invoiceId":null,)"
                              R"("metadata":null}})");
    const auto full = sale({{"customerExternalId", "user-1"},
                            {"amount", 1000},
                            {"currency", "USD"},
                            {"eventName", "Renewal"},
                            {"paymentProcessor", "lemonsqueezy"},
                            {"invoiceId", "in_1"},
                            {"metadata", Object{{"b", "2"}, {"a", Object{{"n", nullptr}}}}}});
    EXPECT_EQ(json_of(full).at("eventName").as_string(), "Renewal");
    EXPECT_EQ(boost::json::serialize(json_of(full).at("sale")),
              R"({"amount":1000,"currency":"usd","paymentProcessor":"lemonsqueezy",)"
              R"("invoiceId":"in_1","metadata":{"b":"2","a":{"n":null}}})");
    EXPECT_EQ(sale({{"customerExternalId", "stranger"}, {"amount", 1}}).body,
              R"({"eventName":"Purchase","customer":null,"sale":null})");
    EXPECT_EQ(sale({{"customerExternalId", "user-1"}, {"amount", 0}}).body,
              R"({"eventName":"Purchase","customer":null,"sale":null})");
}

TEST_P(TrackSaleApiTest, MetadataComesBackAsItWasSent) {
    known_customer();
    const std::string metadata =
        R"({"price":19.99,"big":1e+21,"tiny":1e-7,"whole":5,"text":"\u0000\"ü😀",)"
        R"("list":[0.1,-0.5]})";
    const auto answer =
        send("POST", "/track/sale",
             R"({"customerExternalId":"user-1","amount":1,"metadata":)" + metadata + "}");
    EXPECT_NE(answer.body.find(R"("metadata":)" + metadata + "}}"), std::string::npos)
        << answer.body;
    // What JavaScript cannot hold is null, as JSON.stringify writes it.
    const auto huge = send("POST", "/track/sale",
                           R"({"customerExternalId":"user-1","amount":1,"metadata":{"x":1e400}})");
    EXPECT_EQ(huge.status, 200);
    EXPECT_NE(huge.body.find(R"("metadata":{"x":null})"), std::string::npos) << huge.body;
}

TEST_P(TrackSaleApiTest, RefusalsByText) {
    const auto link = known_customer();
    const auto with = [](const std::string& more) {
        return R"({"customerExternalId":"user-1","amount":1,)" + more + "}";
    };
    const std::string long_256(256, 'a');
    constexpr auto kRequired = "422 invalid_type: amount: amount is required";
    constexpr auto kProcessors =
        "422 invalid_value: paymentProcessor: Invalid option: expected one of "
        "\"stripe\"|\"shopify\"|\"polar\"|\"paddle\"|\"apple\"|\"revenuecat\"|\"lemonsqueezy\"|"
        "\"dub\"|\"custom\"";
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row table[] = {
        {"{}", kRequired},
        {R"({"amount":null})", kRequired},
        {R"({"amount":"5"})", kRequired},
        {R"({"amount":-1})", "422 too_small: amount: amount cannot be negative"},
        {R"({"amount":1.5})",
         "422 invalid_type: amount: Invalid input: expected int, received number"},
        {R"({"amount":9007199254740992})",
         "422 too_big: amount: Too big: expected int to be <=9007199254740991"},
        {R"({"amount":1,"amount":2,"customerExternalId":"user-1"})",
         "422 custom: amount: The key appears more than once in the body"},
        {R"({"amount":1})", "400 customerExternalId is required"},
        {R"({"amount":1,"customerExternalId":[]})",
         "422 invalid_type: customerExternalId: Invalid input: expected string, received array"},
        {R"({"amount":1,"customerId":")" + long_256 + "\"}",
         "422 too_big: customerId: Too big: expected string to have <=255 characters"},
        {with(R"("currency":null)"),
         "422 invalid_type: currency: Invalid input: expected string, received null"},
        {with(R"("currency":840)"),
         "422 invalid_type: currency: Invalid input: expected string, received number"},
        {with(R"("currency":"")"), "422 too_small: currency: currency cannot be empty"},
        {with(R"("currency":")" + long_256 + "\""),
         "422 too_big: currency: Too big: expected string to have <=16 characters"},
        {with(R"("eventName":")" + long_256 + "\""),
         "422 too_big: eventName: Too big: expected string to have <=255 characters"},
        {with(R"("eventName":null)"),
         "422 invalid_type: eventName: Invalid input: expected string, received null"},
        {with(R"("paymentProcessor":"paypal")"), kProcessors},
        {with(R"("paymentProcessor":null)"), kProcessors},
        {with(R"("invoiceId":5)"),
         "422 invalid_type: invoiceId: Invalid input: expected string, received number"},
        {with(R"("invoiceId":")" + long_256 + "\""),
         "422 too_big: invoiceId: Too big: expected string to have <=255 characters"},
        {with(R"("invoiceId":"a\u0000")"),
         "422 invalid_format: invoiceId: Invalid input: the character U+0000 is not allowed"},
        {with(R"("leadEventName":")" + long_256 + "\""),
         "422 too_big: leadEventName: Too big: expected string to have <=255 characters"},
        {with(R"("metadata":"{}")"),
         "422 invalid_type: metadata: Invalid input: expected record, received string"},
        {with(R"("metadata":{"k":")" + std::string(9'993, 'a') + "\"}"),
         "422 custom: metadata: Metadata must be less than 10,000 characters when stringified"},
        {with(R"("clickId":{})"),
         "422 invalid_type: clickId: Invalid input: expected string, received object"},
        {with(R"("customerEmail":"a b")"),
         "422 invalid_format: customerEmail: Invalid email address"},
        {with(R"("customerName":")" + long_256 + "\""),
         "422 too_big: customerName: Too big: expected string to have <=100 characters"},
        {R"("text")", "422 invalid_type: : Invalid input: expected object, received string"},
        {"",
         "400 Invalid JSON format in request body. Please ensure the request body is a valid "
         "JSON object."},
    };
    for (const auto& row : table) {
        EXPECT_EQ(outcome(send("POST", "/track/sale", row.body)), row.expected) << row.body;
    }
    EXPECT_EQ(rows().sales, 0);
    // null and the longest of everything are taken.
    const auto longest =
        with(R"("currency":" UsD ","invoiceId":")" + long_256.substr(1) + R"(","metadata":{"k":")" +
             std::string(9'992, 'a') +
             R"("},"leadEventName":null,"clickId":null,"customerName":null,"customerEmail":null,)"
             R"("customerAvatar":null)");
    EXPECT_EQ(send("POST", "/track/sale", longest).status, 200);
    EXPECT_EQ(totals(link).sale_amount, 1);
    // An empty name of the lead or the invoice is none.
    EXPECT_EQ(send("POST", "/track/sale", with(R"("leadEventName":"","invoiceId":"")")).status,
              200);
    EXPECT_EQ(send("POST", "/track/sale", with(R"("leadEventName":"","invoiceId":"")")).status,
              200);
    EXPECT_EQ(totals(link).sales, 3);
}

TEST_P(TrackSaleApiTest, NotFoundByText) {
    auto link = known_customer();
    const auto id = customer_id();
    const Object known{{"customerExternalId", "user-1"}, {"amount", 1}};
    auto named = known;
    named["leadEventName"] = "Demo";
    EXPECT_EQ(outcome(sale(named)),
              "404 Lead event not found for externalId: user-1 and leadEventName: Demo");
    EXPECT_EQ(outcome(sale({{"customerId", "u2"}, {"amount", 1}, {"clickId", " nope "}})),
              "404 Click event not found for clickId: nope");
    const auto click = make_click(link, 2);
    change(link, disable);
    const std::string disabled = " is disabled, sale not tracked";
    EXPECT_EQ(outcome(sale(known)), "404 Link " + link.link_id + " for customer " + id + disabled);
    EXPECT_EQ(outcome(sale({{"customerId", "u2"}, {"amount", 1}, {"clickId", click}})),
              "404 Link " + link.link_id + " for clickId " + click + disabled);
    remove(link);
    EXPECT_EQ(outcome(sale(known)), "404 Link not found for customer " + id);
    EXPECT_EQ(outcome(sale({{"customerId", "u2"}, {"amount", 1}, {"clickId", click}})),
              "404 Link not found for clickId: " + click);
    // They are kept: one fact per payment, however often it was told.
    EXPECT_EQ(rows().orphans, 2);
    const auto response = sale(known);
    EXPECT_EQ(json_of(response).at("error").at("doc_url").as_string(),
              "https://dub.co/docs/api-reference/errors#not-found");
}

TEST_P(TrackSaleApiTest, ADirectSaleByClickOrByLinkKeyInTheMetadata) {
    const auto link = make_link("Creator");
    struct Row {
        Object metadata;
        bool found;
    };
    const Row table[] = {
        {{{"link_slug", "creator"}}, true},
        {{{"via", "Creator"}}, true},
        {{{"ref", "CREATOR"}}, true},
        {{{"ref", "other"}, {"link_slug", "creator"}}, true},  // link_slug speaks first
        {{{"link_slug", "other"}, {"via", "creator"}}, false},
        {{{"link_slug", 5}, {"via", "creator"}}, true},  // no text, no key
        {{{"campaign", "creator"}}, false},
        {{{"link_slug", ""}}, false},
        {{{"link_slug", std::string(9'000, 'a')}}, false},
        {{{"link_slug", std::string("creator\0", 8)}}, false},
    };
    int count = 0;
    for (const auto& row : table) {
        const auto response = sale({{"customerExternalId", "u" + std::to_string(++count)},
                                    {"amount", 1},
                                    {"metadata", row.metadata}});
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(!json_of(response).at("sale").is_null(), row.found) << count;
    }
    const auto direct = sale({{"customerExternalId", "by-click"},
                              {"amount", 1},
                              {"clickId", make_click(link)},
                              {"customerName", "Ada"}});
    EXPECT_EQ(json_of(direct).at("customer").at("name").as_string(), "Ada");
}

TEST_P(TrackSaleApiTest, MoneyInTheWorkspacesCurrency) {
    const auto imported = db->write_now<bool>(std::string(kOperator), [](Tx& tx) -> Result<bool> {
        for (const auto& rate : starter_rates()) {
            insert_fx_rate(tx, {rate.date, rate.base, rate.quote, rate.rate, "starter"});
        }
        return true;
    });
    ASSERT_TRUE(imported.has_value());
    const auto link = known_customer();
    struct Row {
        std::int64_t amount;
        std::string_view currency;
        std::string_view expected;
    };
    const Row table[] = {
        {1580, "jpy", R"({"amount":1007,"currency":"usd")"},
        {1580, "JPY", R"({"amount":1007,"currency":"usd")"},
        {1000, "eur", R"({"amount":1165,"currency":"usd")"},
        {1000, "usd", R"({"amount":1000,"currency":"usd")"},
        // Without a rate as told, and never summed up as dollars.
        {1000, "kwd", R"({"amount":1000,"currency":"kwd")"},
        {1000, "Quatloos", R"({"amount":1000,"currency":"quatloos")"},
    };
    for (const auto& row : table) {
        const auto response = sale(
            {{"customerExternalId", "user-1"}, {"amount", row.amount}, {"currency", row.currency}});
        EXPECT_TRUE(boost::json::serialize(json_of(response).at("sale")).starts_with(row.expected))
            << response.body;
    }
    EXPECT_EQ(totals(link).sale_amount, 1007 + 1007 + 1165 + 1000);
    EXPECT_EQ(totals(link).sales, 6);
}

HW_ON_BOTH_ENGINES(TrackSaleApiTest);

}  // namespace
}  // namespace hw
