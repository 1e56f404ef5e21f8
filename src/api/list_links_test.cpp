// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class ListLinksApiTest : public ApiTest {
  protected:
    std::string keys(const std::string& query) {
        const auto answer = send("GET", "/links" + query);
        if (answer.status != 200) return message_of(answer);
        std::string text;
        const auto links = json_of(answer).as_array();
        for (const auto& link : links) {
            text += std::string(link.at("key").as_string()) + " ";
        }
        return text;
    }
};

TEST_P(ListLinksApiTest, PagesFiltersAndRefusals) {
    std::vector<std::string> ids;
    for (const auto* key : {"a", "b", "c"}) {
        ids.push_back(make_link(key).link_id);
        env.advance_ms(1);
    }
    ASSERT_EQ(send("PATCH", "/links/" + ids[0], R"({"archived":true,"tenantId":"t&1"})").status,
              200);
    struct Row {
        std::string query;
        std::string keys;
    };
    const Row rows[] = {
        {"", "c b "},
        {"?showArchived=false&withTags=false&pageSize=100", "c b "},
        {"?showArchived=true", "c b a "},
        {"?showArchived=true&tenantId=t%261", "a "},
        {"?showArchived=yes",
         "invalid_value: showArchived: Invalid option: expected one of \"true\"|\"false\""},
        {"?search=SHOP", "c b "},
        {"?domain=nobody.example", ""},
        {"?page=1&pageSize=1", "c "},
        {"?page=2&pageSize=1", "b "},
        {"?page=0", "too_small: page: Page must be greater than 0."},
        {"?page=-5", "too_small: page: Page must be greater than 0."},
        {"?page=x", "invalid_type: page: Page must be a number."},
        {"?page=99999999999999999999", "too_big: page: Page is too big."},
        {"?page=1001",
         "Page is too big (cannot be more than 1000), recommend using cursor-based pagination "
         "instead."},
        {"?pageSize=101", "too_big: pageSize: Max page size is 100."},
        {"?startingAfter=" + ids[2], "b "},
        {"?endingBefore=" + ids[1], "c "},
        {"?endingBefore=" + ids[1] + "&page=1",
         "You cannot use both page and startingAfter/endingBefore at the same time. Please use one "
         "pagination method."},
        {"?startingAfter=link_none", "Invalid cursor: the provided ID does not exist."},
        {"?sortOrder=asc", "b c "},
        {"?sortBy=clicks&sortOrder=desc", "c b "},
        {"?sortBy=clicks&startingAfter=" + ids[2],
         "Cursor-based pagination only supports sorting by `createdAt`. Use offset-based "
         "pagination (page/pageSize) for other sort fields."},
        {"?startingAfter=" + ids[2] + "&endingBefore=" + ids[1],
         "You cannot use both startingAfter and endingBefore at the same time."},
        {"?withTags=true", ""},
        {"?userId=user_1", ""},
        {"?tagIds=tag_1", ""},
        {"?folderId=fold_1", ""},
        {"?folderId=unsorted", "c b "},
    };
    for (const auto& row : rows) EXPECT_EQ(keys(row.query), row.keys) << row.query;
}

TEST_P(ListLinksApiTest, TheLinksAreWhole) {
    const auto link = make_link("whole");
    make_click(link);
    const auto listed = json_of(send("GET", "/links")).as_array();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed.at(0), json_of(send("GET", "/links/" + link.link_id)));
    EXPECT_EQ(listed.at(0).at("clicks").as_int64(), 1);
}

HW_ON_BOTH_ENGINES(ListLinksApiTest);

}  // namespace
}  // namespace hw
