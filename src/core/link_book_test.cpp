// SPDX-License-Identifier: Apache-2.0
#include "core/link_book.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class LinkBookTest : public EngineTest {
  protected:
    LinkBookTest() { db = open({.url = url}); }
};

TEST_P(LinkBookTest, FindsWhatWasLoadedAndNothingOfOthers) {
    const auto link = make_link("a");
    const auto other = make_link("b");
    const auto done = read([&](Tx& tx) -> Result<bool> {
        LinkBook book(tx);
        const std::vector<std::string> wanted{link.link_id, "link_gone", link.link_id};
        book.load(wanted);
        EXPECT_EQ(book.find(link.link_id)->link.url, link.url);
        EXPECT_EQ(book.find("link_gone"), nullptr);
        EXPECT_EQ(book.find(other.link_id), nullptr);
        book.load(std::vector<std::string>{other.link_id});
        EXPECT_EQ(book.find(other.link_id)->link.key, "b");
        return true;
    });
    EXPECT_TRUE(done);
}

HW_ON_BOTH_ENGINES(LinkBookTest);

}  // namespace
}  // namespace hw
