// SPDX-License-Identifier: Apache-2.0
#include "api/avatar.hpp"

#include <gtest/gtest.h>

#include "store/customers.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class AvatarTest : public ApiTest {
  protected:
    AvatarTest() { put(image); }

    void put(const std::string& bytes) {
        const auto stored = write([&](Tx& tx) -> Result<bool> {
            put_avatar(tx, workspace_id, "cus_1", {"image/png", bytes});
            return true;
        });
        HW_ASSERT(stored.has_value());
    }

    std::string path() const { return "/avatars/" + workspace_id + "/cus_1.png"; }
    Response get(const std::string& target, const Headers& more = {}) {
        Headers headers{{"Authorization", ""}};
        headers.insert(headers.end(), more.begin(), more.end());
        return send("GET", target, {}, headers);
    }

    const std::string image = std::string("\x89PNG\0bytes", 10);
};

TEST_P(AvatarTest, IsServedToAnyone) {
    for (const auto& target : {path(), "/api" + path()}) {
        const auto response = get(target);
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.content_type, "image/png");
        EXPECT_EQ(response.body, image);
        EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header_of(response, "Cache-Control"), "public, max-age=3600");
    }
}

TEST_P(AvatarTest, IsNotSentTwice) {
    const auto tag = header_of(get(path()), "ETag");
    EXPECT_GT(tag.size(), 2);
    const auto again = get(path(), {{"If-None-Match", "W/\"x\", " + tag}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(header_of(again, "ETag"), tag);
    EXPECT_EQ(get(path(), {{"If-None-Match", "\"other\""}}).status, 200);
    put("another picture");
    EXPECT_EQ(get(path(), {{"If-None-Match", tag}}).body, "another picture");
}

TEST_P(AvatarTest, NothingElseIsThere) {
    const std::vector<std::string> rows = {
        "/avatars/" + workspace_id + "/cus_2.png",
        "/avatars/" + workspace_id + "/cus_1",
        "/avatars/" + workspace_id + "/cus_1.gif",
        "/avatars/" + workspace_id + "/.png",
        "/avatars/ws_other/cus_1.png",
        "/avatars/*/cus_1.png",
        "/avatars/%2A/cus_1.png",
        "/avatars/" + workspace_id + "/cus_1%00.png",
        "/avatars/" + workspace_id + "/%FF.png",
        "/avatars/" + workspace_id + "/..%2Fcus_1.png",
        "/avatars/" + workspace_id + "/" + std::string(2'000, 'x') + ".png",
        "/avatars/" + workspace_id,
        "/avatars/" + workspace_id + "/",
        "/avatars",
    };
    for (const auto& row : rows) EXPECT_EQ(get(row).status, 404) << row;
    EXPECT_EQ(send("POST", path()).status, 405);
}

HW_ON_BOTH_ENGINES(AvatarTest);

}  // namespace
}  // namespace hw
