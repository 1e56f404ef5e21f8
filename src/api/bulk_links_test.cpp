// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class BulkLinksApiTest : public ApiTest {
  protected:
    // As the answer says it: keys of links, and refusals with their code.
    static std::string outcomes(const Response& answer) {
        if (answer.status != 200) return message_of(answer);
        const auto value = json_of(answer);
        if (!value.is_array()) return boost::json::serialize(value);
        std::string text;
        for (const auto& each : value.as_array()) {
            const auto& object = each.as_object();
            text += object.contains("key") ? std::string(object.at("key").as_string())
                                           : std::string(object.at("code").as_string()) + ": " +
                                                 std::string(object.at("error").as_string());
            text += "\n";
        }
        return text;
    }
};

TEST_P(BulkLinksApiTest, LinksFirstThenWhatWasRefused) {
    const auto answer = send("POST", "/links/bulk", R"([
        {"url":"https://a.example","key":"a"},
        {"url":"no url","key":"bad"},
        {"url":"https://a.example","key":"b","tagIds":["x"]},
        {"url":"https://a.example","key":5},
        "text",
        {},
        {"url":"https://a.example","key":"c"}])");
    EXPECT_EQ(outcomes(answer),
              "a\nc\n"
              "unprocessable_entity: Invalid destination URL\n"
              "unprocessable_entity: Invalid tagIds detected: x\n"
              "unprocessable_entity: invalid_type: key: Invalid input: expected string, received "
              "number\n"
              "unprocessable_entity: invalid_type: : Invalid input: expected object, received "
              "string\n"
              "bad_request: Missing destination URL\n");
    // Each refusal shows the row as it was sent.
    EXPECT_EQ(boost::json::serialize(json_of(answer).as_array().at(2).at("link")),
              R"({"url":"no url","key":"bad"})");
}

TEST_P(BulkLinksApiTest, RefusesInTheKnownWords) {
    std::string many = "[{}";
    for (int i = 0; i < 100; ++i) many += ",{}";
    std::string ids = "link_0";
    for (int i = 0; i < 100; ++i) ids += ",link_0";
    struct Row {
        std::string_view method;
        std::string target;
        std::string body;
        int status;
        std::string message;
    };
    const Row rows[] = {
        {"POST", "", "[]", 422,
         "too_small: : No links created \u2013 you must provide at least one link."},
        {"POST", "", many + "]", 422, "too_big: : You can only create up to 100 links at a time."},
        {"POST", "", "{}", 422, "invalid_type: : Invalid input: expected array, received object"},
        {"POST", "", "[", 400,
         "Invalid JSON format in request body. Please ensure the request body is a valid JSON "
         "object."},
        {"POST", "", R"([{"url":"a.example","key":"k"},{"url":"b.example","key":"K"}])", 400,
         "Duplicate links found: " + domain + "/K"},
        {"PATCH", "", "{}", 422,
         "invalid_type: data: Invalid input: expected object, received undefined"},
        {"PATCH", "", R"({"linkIds":["link_0"],"data":{"proxy":1}})", 422,
         "invalid_type: proxy: Invalid input: expected boolean, received number"},
        {"DELETE", "", "", 422,
         "invalid_type: linkIds: Please provide linkIds to delete: ids of links, or external ids "
         "prefixed with `ext_`, separated by commas."},
        {"DELETE", "?linkIds=" + ids, "", 422,
         "too_big: linkIds: You can only delete up to 100 links at a time."},
    };
    for (const auto& row : rows) {
        const auto answer = send(row.method, "/links/bulk" + row.target, row.body);
        EXPECT_EQ(answer.status, row.status) << row.body;
        ASSERT_GE(answer.status, 400) << row.body;
        EXPECT_EQ(message_of(answer), row.message) << row.body;
    }
}

TEST_P(BulkLinksApiTest, UpdatesAndDeletes) {
    const auto a = make_link("a").link_id;
    const auto b = make_link("b").link_id;
    ASSERT_EQ(send("PATCH", "/links/" + b, R"({"externalId":"7"})").status, 200);
    const auto update = [&](const std::string& which) {
        return send("PATCH", "/links/bulk",
                    "{" + which + R"("data":{"comments":"C","key":"dropped"}})");
    };
    const auto both = update(R"("linkIds":[")" + a + R"("],"externalIds":["7"],)");
    EXPECT_EQ(outcomes(both), "a\nb\n");
    EXPECT_EQ(json_of(both).at(1).at("comments").as_string(), "C");
    EXPECT_EQ(update("").body, R"("No links to update")");
    EXPECT_EQ(update(R"("linkIds":["link_none"],)").body, R"("No links to update")");
    EXPECT_EQ(send("DELETE", "/links/bulk?linkIds=" + a + ",ext_7,link_none").body,
              R"({"deletedCount":2})");
    EXPECT_EQ(send("GET", "/links/" + a).status, 404);
}

HW_ON_BOTH_ENGINES(BulkLinksApiTest);

}  // namespace
}  // namespace hw
