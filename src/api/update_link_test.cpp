// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class UpdateLinkApiTest : public ApiTest {};

TEST_P(UpdateLinkApiTest, ChangesWhatTheBodySays) {
    const auto link = make_link("here", "https://shop.example/?utm_source=a&x=1");
    const auto target = "/links/" + link.link_id;
    struct Row {
        std::string method;
        std::string body;
        std::string changed;  // name of a field
        std::string value;    // as JSON
    };
    const Row rows[] = {
        {"PATCH", R"({"title":"T","comments":"C"})", "title", R"("T")"},
        {"PATCH", R"({"externalId":"9"})", "externalId", R"("9")"},
        {"PUT", R"({"archived":true})", "archived", "true"},
        {"PATCH", R"({"title":null})", "title", "null"},
        {"PATCH", "", "comments", R"("C")"},
        {"PATCH", R"({"comments":""})", "comments", "null"},
        {"PATCH", R"({"utm_source":"b"})", "url", R"("https://shop.example/?utm_source=b&x=1")"},
        {"PATCH", R"({"utm_source":null})", "url", R"("https://shop.example/?x=1")"},
        {"PATCH", R"({"key":"There"})", "shortLink", "\"https://" + domain + "/There\""},
        {"PATCH", R"({"expiresAt":"2027-01-31"})", "expiresAt", R"("2027-01-31T00:00:00.000Z")"},
        {"PATCH", R"({"expiresAt":null})", "expiresAt", "null"},
    };
    for (const auto& row : rows) {
        const auto answer = send(row.method, target, row.body);
        ASSERT_EQ(answer.status, 200) << row.body << answer.body;
        EXPECT_EQ(json_of(answer).at(row.changed), boost::json::parse(row.value)) << row.body;
        EXPECT_EQ(send("GET", target).body, answer.body);
    }
    EXPECT_EQ(json_of(send("PATCH", "/links/ext_9", "{}")).at("id").as_string(), link.link_id);
}

TEST_P(UpdateLinkApiTest, Refusals) {
    make_link("taken");
    const auto link = make_link("here");
    struct Row {
        std::string reference;
        std::string body;
        int status;
        std::string message;
    };
    const Row rows[] = {
        {"link_none", "{}", 404, "Link not found."},
        {link.link_id, R"({"key":"taken"})", 409, "Duplicate key: This short link already exists."},
        {link.link_id, R"({"url":""})", 422, "Invalid destination URL"},
        {link.link_id, R"({"domain":"nobody.example"})", 403,
         "Domain does not belong to workspace."},
        {link.link_id, R"({"ios":"data:x"})", 422, "Invalid ios URL"},
    };
    for (const auto& row : rows) {
        const auto answer = send("PATCH", "/links/" + row.reference, row.body);
        ASSERT_EQ(answer.status, row.status) << row.body;
        EXPECT_EQ(message_of(answer), row.message);
    }
}

HW_ON_BOTH_ENGINES(UpdateLinkApiTest);

}  // namespace
}  // namespace hw
