// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class UpsertLinkApiTest : public ApiTest {};

TEST_P(UpsertLinkApiTest, MakesThenChanges) {
    const auto upsert = [&](const std::string& rest) {
        const auto answer =
            send("PUT", "/links/upsert", R"({"url":"https://shop.example/a")" + rest + "}");
        EXPECT_EQ(answer.status, 200) << answer.body;
        return json_of(answer);
    };
    const auto made = upsert(R"(,"key":"first","title":"T")");
    const auto changed = upsert(R"(,"comments":"C","utm_source":null)");
    EXPECT_EQ(changed.at("id"), made.at("id"));
    EXPECT_EQ(changed.at("key").as_string(), "first");
    EXPECT_EQ(changed.at("title").as_string(), "T");
    EXPECT_EQ(changed.at("comments").as_string(), "C");
    const auto campaign = upsert(R"(,"utm_source":"mail")");
    EXPECT_NE(campaign.at("id"), made.at("id"));
    EXPECT_EQ(upsert(R"(,"utm_source":"mail")").at("id"), campaign.at("id"));
}

TEST_P(UpsertLinkApiTest, RefusesAsCreationDoes) {
    struct Row {
        std::string body;
        int status;
        std::string message;
    };
    const Row rows[] = {
        {"{}", 400, "Missing destination URL"},
        {R"({"url":"no url"})", 422, "Invalid destination URL"},
        {R"({"url":"a.example","domain":"nobody.example"})", 403,
         "Domain does not belong to workspace."},
    };
    for (const auto& row : rows) {
        const auto answer = send("PUT", "/links/upsert", row.body);
        EXPECT_EQ(answer.status, row.status) << row.body;
        EXPECT_EQ(message_of(answer), row.message) << row.body;
    }
}

HW_ON_BOTH_ENGINES(UpsertLinkApiTest);

}  // namespace
}  // namespace hw
