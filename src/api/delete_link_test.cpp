// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class DeleteLinkApiTest : public ApiTest {};

TEST_P(DeleteLinkApiTest, AnswersTheIdOnce) {
    const auto link = make_link("gone");
    const auto target = "/links/" + link.link_id;
    const auto first = send("DELETE", target);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.body, R"({"id":")" + link.link_id + "\"}");
    const auto second = send("DELETE", target);
    EXPECT_EQ(second.status, 404);
    EXPECT_EQ(message_of(second), "Link not found.");
}

TEST_P(DeleteLinkApiTest, RootLinksStay) {
    const auto answer = send("DELETE", "/links/" + make_link("_root").link_id);
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(message_of(answer),
              "You can't delete a custom domain link. You can delete the domain instead.");
}

HW_ON_BOTH_ENGINES(DeleteLinkApiTest);

}  // namespace
}  // namespace hw
