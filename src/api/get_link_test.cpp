// SPDX-License-Identifier: Apache-2.0
#include "store/revenues.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class GetLinkApiTest : public ApiTest {};

TEST_P(GetLinkApiTest, EveryWayLeadsToTheLink) {
    const auto made = send("POST", "/links",
                           R"({"url":"https://shop.example","key":"K\u00fc","externalId":"a b"})");
    ASSERT_EQ(made.status, 200) << made.body;
    const std::string id(json_of(made).at("id").as_string());
    struct Row {
        std::string target;
        int status;
        std::string message;
    };
    const Row rows[] = {
        {"/links/" + id, 200, ""},
        {"/api/links/" + id, 200, ""},
        {"/links/ext_a%20b", 200, ""},
        {"/links/ext_none", 404, "Link not found."},
        {"/links/link_none", 404, "Link not found."},
        {"/links/info?domain=" + domain + "&key=k%C3%BC", 200, ""},
        {"/links/info?linkId=" + id, 200, ""},
        {"/links/info?externalId=ext_a+b", 200, ""},
        {"/links/info?externalId=none", 400,
         "Invalid externalId. Did you forget to prefix it with `ext_`?"},
        {"/links/info?domain=" + domain, 400,
         "You must provide a domain and a key or a linkId or an externalId to retrieve a link."},
        {"/links/info?linkId=%FF", 422, "invalid_format: linkId: Invalid input: no valid text"},
    };
    for (const auto& row : rows) {
        const auto answer = send("GET", row.target);
        ASSERT_EQ(answer.status, row.status) << row.target << answer.body;
        if (row.status == 200) {
            EXPECT_EQ(json_of(answer), json_of(made)) << row.target;
        } else {
            EXPECT_EQ(message_of(answer), row.message);
        }
    }
}

TEST_P(GetLinkApiTest, TellsWhatTheLinkEarned) {
    const auto link = make_link("earns");
    make_click(link);
    env.advance_ms(1'500);
    const auto answer = json_of(send("GET", "/links/" + link.link_id));
    EXPECT_EQ(answer.at("clicks").as_int64(), 1);
    EXPECT_FALSE(answer.as_object().contains("inferredSales"));
    EXPECT_EQ(answer.at("lastClicked").as_string(), "2026-09-21T14:13:20.000Z");
}

TEST_P(GetLinkApiTest, TellsWhatNothingProvesByItself) {
    const auto link = make_link("inferred");
    ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
        add_inferred(tx, link.link_id, {.sales = 2, .sale_amount = 700});
        return true;
    }));
    const auto answer = json_of(send("GET", "/links/" + link.link_id));
    EXPECT_EQ(answer.at("inferredSales").as_int64(), 2);
    EXPECT_EQ(answer.at("inferredSaleAmount").as_int64(), 700);
    EXPECT_EQ(answer.at("sales").as_int64(), 0);
}

TEST_P(GetLinkApiTest, LinksOfOtherWorkspacesAreNotThere) {
    const auto link = make_link("mine");
    workspace_id = "ws_of_others_" + workspace_id;
    ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
                    Workspace other;
                    other.workspace_id = workspace_id;
                    other.slug = other.name = workspace_id;
                    return insert_workspace(tx, other);
                }).value());
    const Headers as_other = {{"Authorization", "Bearer " + make_api_key("apis.all")}};
    for (const auto* method : {"GET", "PATCH", "PUT", "DELETE"}) {
        EXPECT_EQ(send(method, "/links/" + link.link_id, "{}", as_other).status, 404) << method;
    }
    const auto info = "/links/info?domain=" + domain + "&key=mine";
    EXPECT_EQ(send("GET", info, "", as_other).status, 404);
    EXPECT_EQ(send("GET", info).status, 200);
    EXPECT_EQ(send("GET", "/links?startingAfter=" + link.link_id, "", as_other).status, 422);
    EXPECT_EQ(send("GET", "/links", "", as_other).body, "[]");
}

HW_ON_BOTH_ENGINES(GetLinkApiTest);

}  // namespace
}  // namespace hw
