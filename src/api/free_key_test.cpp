// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class FreeKeyApiTest : public ApiTest {};

TEST_P(FreeKeyApiTest, FreeOrRefusedAsCreationWould) {
    make_link("taken");
    const auto with = [&](const std::string& key) { return "?domain=" + domain + "&key=" + key; };
    struct Row {
        std::string query;
        int status;
        std::string outcome;  // the body, or the refusal
    };
    const Row rows[] = {
        {with("free"), 200, R"({"error":null})"},
        {with("TAKEN"), 409, "Duplicate key: This short link already exists."},
        {with("a%20b"), 422, "Invalid key."},
        {with("robots.txt"), 403, "The key 'robots.txt' is reserved. Choose another one."},
        {"?domain=nobody.example&key=x", 403, "Domain does not belong to workspace."},
        {"?domain=" + domain, 422,
         "invalid_type: key: Invalid input: expected string, received undefined"},
        {"?key=x", 422, "invalid_type: domain: Invalid input: expected string, received undefined"},
    };
    for (const auto& row : rows) {
        const auto answer = send("GET", "/links/exists" + row.query);
        EXPECT_EQ(answer.status, row.status) << row.query;
        EXPECT_EQ(answer.status == 200 ? answer.body : message_of(answer), row.outcome);
    }
}

TEST_P(FreeKeyApiTest, RandomKeys) {
    const auto key = json_of(send("GET", "/links/random"));
    EXPECT_EQ(key.as_string().size(), 7U);
    EXPECT_NE(json_of(send("GET", "/links/random?domain=" + domain)), key);
    EXPECT_EQ(send("GET", "/links/random?domain=nobody.example").status, 403);
}

HW_ON_BOTH_ENGINES(FreeKeyApiTest);

}  // namespace
}  // namespace hw
