// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class FoldersApiTest : public ApiTest {};

TEST_P(FoldersApiTest, CreateInTheKnownWords) {
    const auto made = send("POST", "/folders", R"({"name":"Spring","description":"D"})");
    ASSERT_EQ(made.status, 201) << made.body;
    auto folder = json_of(made).as_object();
    EXPECT_TRUE(folder.at("id").as_string().starts_with("fold_"));
    folder.erase("id");
    const auto expected = boost::json::parse(R"({"name":"Spring","description":"D",
        "type":"default","accessLevel":"write","createdAt":"2026-09-21T14:13:20.000Z",
        "updatedAt":"2026-09-21T14:13:20.000Z"})");
    EXPECT_EQ(folder, expected.as_object());
    struct Row {
        std::string body;
        int status;
        std::string message;
    };
    const Row rows[] = {
        {R"({"name":"SPRING"})", 409, "A folder with that name already exists."},
        {R"({"name":""})", 422,
         "too_small: name: Too small: expected string to have >=1 characters"},
        {R"({})", 422, "invalid_type: name: Invalid input: expected string, received undefined"},
        {R"({"name":")" + std::string(191, 'n') + "\"}", 422,
         "too_big: name: Too big: expected string to have <=190 characters"},
        {R"({"name":"x","description":")" + std::string(501, 'd') + "\"}", 422,
         "too_big: description: Too big: expected string to have <=500 characters"},
        {R"({"name":"x","accessLevel":"all"})", 422,
         R"(invalid_value: accessLevel: Invalid option: expected one of "write"|"read")"},
    };
    for (const auto& row : rows) {
        const auto answer = send("POST", "/folders", row.body);
        EXPECT_EQ(answer.status, row.status) << row.body;
        EXPECT_EQ(message_of(answer), row.message) << row.body;
    }
}

TEST_P(FoldersApiTest, ListsChangesAndDeletes) {
    const auto made = send("POST", "/folders", R"({"name":"Spring","accessLevel":null})");
    EXPECT_TRUE(json_of(made).at("accessLevel").is_null());
    const std::string id(json_of(made).at("id").as_string());
    const auto path = "/folders/" + id;
    EXPECT_EQ(json_of(send("GET", "/folders?pageSize=50&search=spr")).as_array().size(), 1U);
    EXPECT_EQ(json_of(send("GET", "/folders?search=none")).as_array().size(), 0U);
    EXPECT_EQ(json_of(send("GET", "/folders?page=2")).as_array().size(), 0U);
    EXPECT_EQ(message_of(send("GET", "/folders?pageSize=51")),
              "too_big: pageSize: Max page size is 50.");
    const auto changed = send("PATCH", path, R"({"name":"Summer","accessLevel":"read"})");
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(json_of(changed).at("name").as_string(), "Summer");
    EXPECT_EQ(json_of(changed).at("accessLevel").as_string(), "read");
    EXPECT_EQ(message_of(send("PATCH", "/folders/x", "{}")), "Folder not found.");

    const auto link = json_of(
        send("POST", "/links", R"({"url":"https://shop.example","folderId":")" + id + "\"}"));
    const auto link_path = "/links/" + std::string(link.at("id").as_string());
    EXPECT_EQ(json_of(send("GET", "/links")).as_array().size(), 0U);
    EXPECT_EQ(json_of(send("GET", "/links?folderId=" + id)).as_array().size(), 1U);
    EXPECT_EQ(send("DELETE", path).body, R"({"id":")" + id + "\"}");
    EXPECT_TRUE(json_of(send("GET", link_path)).at("folderId").is_null());
    EXPECT_EQ(message_of(send("DELETE", path)), "Folder not found.");
}

TEST_P(FoldersApiTest, NeedsTheScope) {
    const Headers reader = {{"Authorization", "Bearer " + make_api_key("folders.read")}};
    EXPECT_EQ(send("GET", "/folders", "", reader).status, 200);
    EXPECT_EQ(send("POST", "/folders", R"({"name":"x"})", reader).status, 403);
}

HW_ON_BOTH_ENGINES(FoldersApiTest);

}  // namespace
}  // namespace hw
