// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class CountLinksApiTest : public ApiTest {};

TEST_P(CountLinksApiTest, NumbersAndGroups) {
    make_link("a");
    make_link("b");
    const std::string tag(json_of(send("POST", "/tags", R"({"name":"T"})")).at("id").as_string());
    ASSERT_EQ(send("POST", "/links", R"({"url":"a.example","tagNames":"T"})").status, 200);
    ASSERT_EQ(send("POST", "/links", R"({"url":"a.example","archived":true})").status, 200);
    struct Row {
        std::string query;
        std::string body;
    };
    const Row rows[] = {
        {"", "3"},
        {"?showArchived=true", "4"},
        {"?tagIds=" + tag, "1"},
        {"?tagNames=t,none", "1"},
        {"?search=a.example", "1"},
        {"?groupBy=domain", R"([{"domain":")" + domain + R"(","_count":3}])"},
        {"?groupBy=tagId", R"([{"tagId":")" + tag + R"(","_count":1}])"},
        {"?groupBy=userId", R"([{"userId":null,"_count":3}])"},
        {"?groupBy=folderId", R"([{"folderId":null,"_count":3}])"},
        {"?groupBy=domain&search=none", "[]"},
    };
    for (const auto& row : rows) {
        const auto answer = send("GET", "/links/count" + row.query);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, row.body) << row.query;
    }
    EXPECT_EQ(message_of(send("GET", "/links/count?groupBy=key")),
              "invalid_value: groupBy: Invalid option: expected one of "
              R"("domain"|"tagId"|"userId"|"folderId")");
}

HW_ON_BOTH_ENGINES(CountLinksApiTest);

}  // namespace
}  // namespace hw
