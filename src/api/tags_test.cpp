// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class TagsApiTest : public ApiTest {
  protected:
    std::string make(const std::string& name) {
        env.advance_ms(1);
        const auto made = send("POST", "/tags", R"({"color":"red","name":")" + name + "\"}");
        return std::string(json_of(made).at("id").as_string());
    }
    std::string names(const std::string& query) {
        const auto answer = send("GET", "/tags" + query);
        if (answer.status != 200) return message_of(answer);
        std::string text;
        const auto tags = json_of(answer).as_array();
        for (const auto& tag : tags) text += std::string(tag.at("name").as_string()) + " ";
        return text;
    }
};

TEST_P(TagsApiTest, CreateInTheKnownWords) {
    make("News");
    struct Row {
        std::string body;
        int status;
        std::string outcome;  // the tag without its id, or the refusal
    };
    const Row rows[] = {
        {R"({"name":"Mail","color":"blue"})", 201, R"("name":"Mail","color":"blue"})"},
        {R"({"tag":" Old ","color":"pink"})", 201, R"("name":"Old","color":"pink"})"},
        {R"({"name":"news"})", 409, "A tag with that name already exists."},
        {R"({"name":"  "})", 422,
         "too_small: name: Too small: expected string to have >=1 characters"},
        {R"({})", 422, "invalid_type: name: Invalid input: expected string, received undefined"},
        {R"({"name":null})", 422,
         "invalid_type: name: Invalid input: expected string, received null"},
        {R"({"name":"x","color":"black"})", 422,
         "invalid_value: color: Invalid option: expected one of "
         R"("red"|"yellow"|"green"|"blue"|"purple"|"brown"|"gray"|"pink")"},
    };
    for (const auto& row : rows) {
        const auto made = send("POST", "/tags", row.body);
        EXPECT_EQ(made.status, row.status) << row.body;
        if (made.status == 201) {
            EXPECT_TRUE(made.body.ends_with(row.outcome)) << made.body;
        } else {
            EXPECT_EQ(message_of(made), row.outcome) << row.body;
        }
    }
    EXPECT_EQ(send("POST", "/tags", R"({"name":"any color"})").status, 201);
}

TEST_P(TagsApiTest, ListsChangesAndDeletes) {
    const auto b = make("b");
    const auto a = make("a");
    struct Row {
        std::string query;
        std::string outcome;
    };
    const Row rows[] = {
        {"", "a b "},
        {"?sortOrder=desc", "b a "},
        {"?sortBy=createdAt&sortOrder=asc", "b a "},
        {"?search=A", "a "},
        {"?ids=" + b + ",tag_x", "b "},
        {"?page=2&pageSize=1", "b "},
        {"?pageSize=101", "too_big: pageSize: Max page size is 100."},
        {"?sortBy=color",
         R"(invalid_value: sortBy: Invalid option: expected one of "name"|"createdAt")"},
    };
    for (const auto& row : rows) EXPECT_EQ(names(row.query), row.outcome) << row.query;

    const auto changed = send("PATCH", "/tags/" + a, R"({"name":"c","color":"gray"})");
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.body, R"({"id":")" + a + R"(","name":"c","color":"gray"})");
    EXPECT_EQ(send("PATCH", "/tags/" + a, R"({"name":"B"})").status, 409);
    EXPECT_EQ(message_of(send("PATCH", "/tags/tag_x", "{}")), "Tag not found.");
    EXPECT_EQ(send("DELETE", "/tags/" + a).body, R"({"id":")" + a + "\"}");
    EXPECT_EQ(message_of(send("DELETE", "/tags/" + a)), "Tag not found.");
    EXPECT_EQ(names(""), "b ");
}

TEST_P(TagsApiTest, NeedsTheScope) {
    const Headers reader = {{"Authorization", "Bearer " + make_api_key("tags.read")}};
    EXPECT_EQ(send("GET", "/tags", "", reader).status, 200);
    EXPECT_EQ(send("POST", "/tags", R"({"name":"x"})", reader).status, 403);
}

HW_ON_BOTH_ENGINES(TagsApiTest);

}  // namespace
}  // namespace hw
