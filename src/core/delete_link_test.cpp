// SPDX-License-Identifier: Apache-2.0
#include "core/delete_link.hpp"

#include "core/get_link.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class DeleteLinkTest : public EngineTest {};

TEST_P(DeleteLinkTest, TheLinkIsGoneAndItsKeyFree) {
    const auto link = make_link("once");
    const auto remove = [&] {
        return write([&](Tx& tx) { return delete_link(tx, std::string_view(link.link_id)); });
    };
    const auto gone = remove();
    ASSERT_TRUE(gone.has_value());
    EXPECT_EQ(*gone, link.link_id);
    EXPECT_FALSE(read([&](Tx& tx) { return get_link(tx, link.link_id); }).has_value());
    const auto again = remove();
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().message, "Link not found.");
    make_link("once");
}

TEST_P(DeleteLinkTest, RootLinksStay) {
    const auto link = make_link("_root");
    const auto gone =
        write([&](Tx& tx) { return delete_link(tx, std::string_view(link.link_id)); });
    ASSERT_FALSE(gone.has_value());
    EXPECT_EQ(gone.error().code, ErrorCode::Forbidden);
    EXPECT_EQ(gone.error().message,
              "You can't delete a custom domain link. You can delete the domain instead.");
}

HW_ON_BOTH_ENGINES(DeleteLinkTest);

}  // namespace
}  // namespace hw
