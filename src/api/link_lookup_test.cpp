// SPDX-License-Identifier: Apache-2.0
#include "api/link_lookup.hpp"

#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class LinkLookupTest : public ApiTest {
  protected:
    std::string look_up(const std::string& host, const std::string& key) {
        std::promise<std::string> found;
        look_up_link(*api, host, key, [&](Result<std::shared_ptr<const Link>> link) {
            found.set_value(!link ? "error" : (*link ? (*link)->url : "none"));
        });
        return found.get_future().get();
    }
};

TEST_P(LinkLookupTest, FromDatabaseThenFromCache) {
    make_link("one", "https://shop.example/one");
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(look_up(domain, "one"), "https://shop.example/one");
        EXPECT_EQ(look_up(domain, "two"), "none");
        EXPECT_EQ(look_up("unknown.example", "one"), "none");
        EXPECT_EQ(look_up(domain, "\xFF"), "none");
        EXPECT_EQ(look_up(domain, std::string("a\0b", 3)), "none");
    }
    EXPECT_TRUE(caches.links.get(domain + "/one").hit);
    EXPECT_TRUE(caches.links.get(domain + "/two").hit) << "absence is remembered, too";
}

HW_ON_BOTH_ENGINES(LinkLookupTest);

}  // namespace
}  // namespace hw
