// SPDX-License-Identifier: Apache-2.0
#include "core/update_domain.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class UpdateDomainTest : public EngineTest {
  protected:
    UpdateDomainTest() { db = open({.url = url}); }
};

TEST_P(UpdateDomainTest, ChangesWhatIsNamed) {
    struct Row {
        std::string slug;
        std::optional<std::string> new_slug;
        std::string expected;
    };
    const Row rows[] = {
        {domain, std::nullopt, ""},
        {domain, domain, ""},
        {domain, "other.example",
         "The name of a domain cannot change: its owner has to be shown again. Add "
         "'other.example' as a new domain and move the links there."},
        {"nobody.example", std::nullopt, "Domain not found."},
        {"", std::nullopt, "Domain not found."},
    };
    DomainFields fields;
    fields.not_found_url = "https://shop.example/404";
    env.advance_ms(5);
    for (const auto& row : rows) {
        const auto done = write([&](Tx& tx) -> Result<Domain> {
            return update_domain(tx, row.slug, row.new_slug, fields);
        });
        EXPECT_EQ(done ? "" : done.error().message, row.expected);
        if (!done) continue;
        EXPECT_EQ(done->not_found_url, "https://shop.example/404");
        EXPECT_EQ(done->updated_at_ms, env.now_ms());
        EXPECT_TRUE(done->verified);
        EXPECT_TRUE(done->primary);
    }
}

HW_ON_BOTH_ENGINES(UpdateDomainTest);

}  // namespace
}  // namespace hw
