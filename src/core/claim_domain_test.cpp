// SPDX-License-Identifier: Apache-2.0
#include "core/claim_domain.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ClaimDomainTest : public EngineTest {
  protected:
    ClaimDomainTest() { db = open({.url = url}); }
    std::string claim(std::string_view host, const DomainFields& fields = {}) {
        const auto made =
            write([&](Tx& tx) -> Result<Domain> { return claim_domain(tx, host, fields); });
        return made ? made->slug : made.error().message;
    }
};

TEST_P(ClaimDomainTest, AClaimIsTheWorkspacesAndNobodyElses) {
    const auto host = "claim-" + workspace_id.substr(3) + ".example";
    const auto lower = claim(host);
    EXPECT_EQ(claim(host), "The domain '" + lower + "' is already in use. Choose another one.");
    EXPECT_EQ(claim(domain), "The domain '" + domain + "' is already in use. Choose another one.");
    const auto listed = *read(
        [&](Tx& tx) -> Result<std::vector<Domain>> { return list_domains(tx, workspace_id); });
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_EQ(listed[0].slug, domain);
    EXPECT_TRUE(listed[0].primary);
    EXPECT_EQ(listed[1].slug, lower);
    EXPECT_FALSE(listed[1].verified);
    EXPECT_FALSE(listed[1].primary);
    EXPECT_EQ(listed[1].token.size(), 32U);
    // Visitors are not sent on by it.
    EXPECT_FALSE(*db->read_now<bool>(std::string(kOperator), [&](Tx& tx) -> Result<bool> {
        return find_domain(tx, lower).has_value();
    }));
}

TEST_P(ClaimDomainTest, Fields) {
    struct Row {
        std::string_view host;
        DomainFields fields;
        std::string_view expected;
    };
    DomainFields bad_expired;
    bad_expired.expired_url = "javascript:x";
    DomainFields bad_missing;
    bad_missing.not_found_url = "nonsense";
    const Row rows[] = {
        {"", {}, "Invalid domain: give a host name alone, for example go.example.com."},
        {"a b", {}, "Invalid domain: give a host name alone, for example go.example.com."},
        {"a.example/x", {}, "Invalid domain: give a host name alone, for example go.example.com."},
        {"a.example", bad_expired, "Invalid destination URL"},
        {"a.example", bad_missing, "Invalid destination URL"},
    };
    for (const auto& row : rows) EXPECT_EQ(claim(row.host, row.fields), row.expected) << row.host;
    Domain changed;
    changed.placeholder = "x";
    DomainFields fields;
    fields.placeholder = Patch<std::string>(std::in_place, std::nullopt);
    fields.expired_url = "shop.example/over";
    fields.archived = true;
    ASSERT_TRUE(apply_fields(fields, changed));
    EXPECT_EQ(changed.placeholder, std::nullopt);
    EXPECT_EQ(changed.expired_url, "https://shop.example/over");
    EXPECT_TRUE(changed.archived);
}

HW_ON_BOTH_ENGINES(ClaimDomainTest);

}  // namespace
}  // namespace hw
