// SPDX-License-Identifier: Apache-2.0
#include "api/list_domains.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ListDomainsTest : public TrackApiTest {};

TEST_P(ListDomainsTest, PagesAndFilters) {
    for (const auto* host : {"a.example", "b.example", "c.example"}) {
        ASSERT_EQ(post("/domains", {{"slug", host}}).status, 201);
    }
    ASSERT_EQ(send("PATCH", "/domains/c.example", R"({"archived": true})").status, 200);
    struct Row {
        std::string query;
        std::string expected;
    };
    const Row rows[] = {
        {"", domain + " a.example b.example "},
        {"?archived=true", "c.example "},
        {"?search=b.ex", "b.example "},
        {"?page=2&pageSize=1", "a.example "},
        {"?page=1&pageSize=2", domain + " a.example "},
        {"?page=9", ""},
        {"?pageSize=51", "422 too_big: pageSize: Max page size is 50."},
        {"?page=0", "422 too_small: page: Page must be greater than 0."},
        {"?archived=x",
         "422 invalid_value: archived: Invalid option: expected one of \"true\"|\"false\""},
    };
    for (const auto& row : rows) {
        const auto answer = send("GET", "/domains" + row.query);
        std::string found;
        if (answer.status != 200) {
            found = outcome(answer);
        } else {
            const auto listed = json_of(answer);
            for (const auto& item : listed.as_array()) {
                found += std::string(item.at("slug").as_string()) + " ";
            }
        }
        EXPECT_EQ(found, row.expected) << row.query;
    }
}

TEST_P(ListDomainsTest, NoNameIsFreeHere) {
    const auto answer = send("GET", "/domains/status?domains=a.link,b.link");
    EXPECT_EQ(
        answer.body,
        R"([{"domain":"a.link","available":false,"premium":null,"prices":null,"price":null},)"
        R"({"domain":"b.link","available":false,"premium":null,"prices":null,"price":null}])");
    EXPECT_EQ(send("GET", "/domains/status").status, 422);
}

HW_ON_BOTH_ENGINES(ListDomainsTest);

}  // namespace
}  // namespace hw
