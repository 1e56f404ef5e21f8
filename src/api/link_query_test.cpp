// SPDX-License-Identifier: Apache-2.0
#include "api/link_query.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(LinkQuery, ReadsWhatClientsSend) {
    const auto which = read_link_query(
        "domain=a.example&tagIds=tag_1,tag_2&tagIds=tag_3&tagId=tag_4&tagNames=x%20y,,z&"
        "folderId=fold_1&search=s&userId=u&tenantId=t&showArchived=true&withTags=true");
    ASSERT_TRUE(which.has_value());
    using Names = std::vector<std::string>;
    EXPECT_EQ(which->domain, "a.example");
    EXPECT_EQ(which->tag_ids, Names({"tag_1", "tag_2", "tag_3", "tag_4"}));
    EXPECT_EQ(which->tag_names, Names({"x y", "z"}));
    EXPECT_EQ(which->folder_id, "fold_1");
    EXPECT_EQ(which->search, "s");
    EXPECT_EQ(which->user_id, "u");
    EXPECT_EQ(which->tenant_id, "t");
    EXPECT_TRUE(which->show_archived);
    EXPECT_TRUE(which->with_tags);
}

TEST(LinkQuery, NothingSaid) {
    const auto which = read_link_query("domain=&tagIds=&showArchived=false&other=1");
    ASSERT_TRUE(which.has_value());
    EXPECT_FALSE(which->domain || which->folder_id || which->user_id || which->tenant_id);
    EXPECT_TRUE(which->tag_ids.empty() && which->tag_names.empty() && which->search.empty());
    EXPECT_FALSE(which->show_archived || which->with_tags);
}

TEST(LinkQuery, Refusals) {
    struct Row {
        std::string_view query;
        std::string message;
    };
    const Row rows[] = {
        {"withTags=1",
         R"(invalid_value: withTags: Invalid option: expected one of "true"|"false")"},
        {"tagNames=%FF", "invalid_format: tagNames: Invalid input: no valid text"},
        {"tagIds=a%00", "invalid_format: tagIds: Invalid input: no valid text"},
    };
    for (const auto& row : rows) {
        const auto which = read_link_query(row.query);
        ASSERT_FALSE(which.has_value()) << row.query;
        EXPECT_EQ(which.error().message, row.message);
    }
}

}  // namespace
}  // namespace hw
