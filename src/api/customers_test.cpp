// SPDX-License-Identifier: Apache-2.0
#include "api/customers.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class CustomersApiTest : public TrackApiTest {
  protected:
    std::string add(const std::string& external_id, const Object& more = {}) {
        Object body{{"externalId", external_id}, {"country", "DE"}};
        for (const auto& member : more) body[member.key()] = member.value();
        env.advance_ms(1'000);
        const auto response = post("/customers", body);
        EXPECT_EQ(response.status, 201) << response.body;
        return std::string(json_of(response).at("id").as_string());
    }
    std::string listed(const std::string& target) {
        const auto response = send("GET", target);
        if (response.status != 200) return outcome(response);
        std::string text;
        const auto customers = json_of(response);
        for (const auto& customer : customers.as_array()) {
            text += std::string(customer.at("externalId").as_string()) + " ";
        }
        return text;
    }
};

TEST_P(CustomersApiTest, AreAddedChangedAndRemoved) {
    const auto id = add("ann", {{"email", "ann@shop.example"}, {"stripeCustomerId", "cus_s"}});
    const auto got = json_of(send("GET", "/customers/" + id));
    EXPECT_EQ(got.at("name"), "ann@shop.example");
    EXPECT_EQ(got.at("sales"), 0);
    EXPECT_EQ(got.at("firstSaleAt"), nullptr);
    EXPECT_FALSE(got.as_object().contains("link"));
    const auto changed = json_of(send("PATCH", "/customers/ext_ann?includeExpandedFields=true",
                                      R"({"name":"Ann","email":null,"country":"FR"})"));
    EXPECT_EQ(changed.at("name"), "Ann");
    EXPECT_EQ(changed.at("email"), nullptr);
    EXPECT_EQ(changed.at("country"), "FR");
    EXPECT_EQ(changed.at("stripeCustomerId"), "cus_s");
    EXPECT_EQ(changed.at("link"), nullptr);
    EXPECT_EQ(outcome(send("DELETE", "/customers/" + id)), R"(200 {"id":")" + id + "\"}");
    EXPECT_EQ(send("GET", "/customers/" + id).status, 404);
    add("ann");
}

TEST_P(CustomersApiTest, RefusesWithTheKnownTexts) {
    add("ann", {{"stripeCustomerId", "cus_s"}});
    add("bob");
    constexpr auto kNotFound =
        "404 Customer not found. Make sure you're using the correct customer ID (e.g. "
        "`cus_3TagGjzRzmsFJdH8od2BNCsc`) or external ID (has to be prefixed with `ext_`).";
    struct Row {
        const char* method;
        const char* target;
        const char* body;
        const char* answer;
    };
    const Row rows[] = {
        {"GET", "/customers/ann", "", kNotFound},
        {"PATCH", "/customers/ext_eve", "{}", kNotFound},
        {"DELETE", "/customers/cus_1", "", kNotFound},
        {"PATCH", "/customers/ext_bob", R"({"externalId":"ann"})",
         "409 A customer with this external ID already exists."},
        {"PATCH", "/customers/ext_bob", R"({"stripeCustomerId":"cus_s"})",
         "409 A customer with this Stripe customer ID already exists."},
        {"POST", "/customers", R"({"externalId":"ann","country":"DE"})",
         "409 A customer with this external ID already exists."},
        {"POST", "/customers", R"({"country":"DE"})",
         "422 invalid_type: externalId: Invalid input: expected string, received undefined"},
        {"POST", "/customers", R"({"externalId":"eve"})",
         "422 invalid_type: country: Invalid input: expected string, received undefined"},
        {"POST", "/customers", R"({"externalId":"","country":"DE"})",
         "422 too_small: externalId: Too small: expected string to have >=1 characters"},
        {"POST", "/customers", R"({"externalId":"eve","country":"DE","email":"x"})",
         "422 invalid_format: email: Invalid email address"},
        {"GET", "/customers?startingAfter=a&endingBefore=b", "",
         "422 You cannot use both startingAfter and endingBefore at the same time."},
        {"GET", "/customers?startingAfter=a&page=2", "",
         "422 You cannot use both page and startingAfter/endingBefore at the same time. Please use "
         "one pagination method."},
        {"GET", "/customers?startingAfter=a&sortBy=saleAmount", "",
         "422 Cursor-based pagination only supports sorting by `createdAt`. Use offset-based "
         "pagination (page/pageSize) for other sort fields."},
        {"GET", "/customers?page=1001", "",
         "422 Page is too big (cannot be more than 1000), recommend using cursor-based pagination "
         "instead."},
        {"GET", "/customers?startingAfter=cus_1", "",
         "422 Invalid cursor: the provided ID does not exist."},
        {"GET", "/customers?pageSize=101", "", "422 too_big: pageSize: Max page size is 100."},
        {"GET", "/customers?sortBy=name", "",
         "422 invalid_value: sortBy: Invalid option: expected one of "
         "\"createdAt\"|\"saleAmount\"|\"firstSaleAt\"|\"subscriptionCanceledAt\""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send(row.method, row.target, row.body)), row.answer)
            << row.target << " " << row.body;
    }
}

TEST_P(CustomersApiTest, AreListedFilteredAndPaged) {
    const auto link = make_link("spring");
    const auto ann = add("ann", {{"email", "ann@shop.example"}, {"name", "Ann_1"}});
    const auto bob = add("bob", {{"country", "US"}});
    env.advance_ms(1'000);
    sale({{"customerExternalId", "eve"}, {"amount", 500}, {"clickId", make_click(link)}});
    env.advance_ms(1'000);
    sale({{"customerExternalId", "dan"}, {"amount", 100}, {"clickId", make_click(link, 2)}});
    struct Row {
        std::string target;
        const char* answer;
    };
    const Row rows[] = {
        {"/customers", "dan eve bob ann "},
        {"/customers?sortOrder=asc", "ann bob eve dan "},
        {"/customers?email=ann@shop.example", "ann "},
        {"/customers?externalId=bob", "bob "},
        {"/customers?search=n_", "ann "},
        {"/customers?search=ANN_", "ann "},
        {"/customers?country=US", "bob "},
        {"/customers?linkId=" + link.link_id, "dan eve "},
        {"/customers?partnerId=pn_1", ""},
        {"/customers?pageSize=2&page=2", "bob ann "},
        {"/customers?startingAfter=" + bob, "ann "},
        {"/customers?pageSize=2&endingBefore=" + ann, "eve bob "},
        {"/customers?sortOrder=asc&pageSize=1&startingAfter=" + ann, "bob "},
        {"/customers?sortBy=saleAmount&pageSize=2", "eve dan "},
        {"/customers?sortBy=firstSaleAt&pageSize=2", "dan eve "},
        {"/customers?sortBy=subscriptionCanceledAt", "dan eve bob ann "},
    };
    for (const auto& row : rows) EXPECT_EQ(listed(row.target), row.answer) << row.target;
    const auto expanded =
        json_of(send("GET", "/customers?includeExpandedFields=true&externalId=eve")).as_array();
    EXPECT_EQ(expanded.at(0).at("link").at("id").as_string(), link.link_id);
    EXPECT_EQ(expanded.at(0).at("saleAmount"), 500);
}

HW_ON_BOTH_ENGINES(CustomersApiTest);

}  // namespace
}  // namespace hw
