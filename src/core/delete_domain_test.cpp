// SPDX-License-Identifier: Apache-2.0
#include "core/delete_domain.hpp"

#include "core/claim_domain.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class DeleteDomainTest : public EngineTest {
  protected:
    DeleteDomainTest() { db = open({.url = url}); }
    Result<Domain> remove(std::string_view slug) {
        return write([&](Tx& tx) -> Result<Domain> { return delete_domain(tx, slug); });
    }
};

TEST_P(DeleteDomainTest, TakesItsLinksAndPassesOnItsPlace) {
    const auto link = make_link("gone");
    const auto second = write([&](Tx& tx) -> Result<Domain> {
                            return claim_domain(tx, "second.example", {});
                        }).value();
    EXPECT_EQ(remove("nobody.example").error().message, "Domain not found.");
    EXPECT_EQ(remove(domain)->slug, domain);
    EXPECT_FALSE(*read([&](Tx& tx) -> Result<bool> {
        return find_link(tx, workspace_id, link.link_id).has_value();
    }));
    const auto left = *read(
        [&](Tx& tx) -> Result<std::vector<Domain>> { return list_domains(tx, workspace_id); });
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].slug, second.slug);
    EXPECT_TRUE(left[0].primary);
    EXPECT_EQ(remove(domain).error().message, "Domain not found.");
    EXPECT_TRUE(remove("second.example").has_value());
}

HW_ON_BOTH_ENGINES(DeleteDomainTest);

}  // namespace
}  // namespace hw
