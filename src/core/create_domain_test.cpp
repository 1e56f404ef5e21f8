// SPDX-License-Identifier: Apache-2.0
#include "core/create_domain.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

TEST(NormalizeDomain, TakesHostNamesAlone) {
    struct Row {
        std::string_view text;
        std::string_view host;  // empty: refused
    };
    const Row rows[] = {
        {"go.example.com", "go.example.com"},
        {"GO.Example.com.", "go.example.com"},
        {"b\u00FCcher.example", "xn--bcher-kva.example"},
        {"localhost", "localhost"},
        {"", ""},
        {"https://go.example.com", ""},
        {"go.example.com/x", ""},
        {"go.example.com:80", ""},
        {"a@go.example.com", ""},
        {"go example", ""},
        {"go.example.com?x", ""},
        {"[::1]", ""},
    };
    for (const auto& row : rows) {
        const auto host = normalize_domain(row.text);
        EXPECT_EQ(host.has_value(), !row.host.empty()) << row.text;
        if (host) {
            EXPECT_EQ(*host, row.host);
        }
    }
    EXPECT_FALSE(normalize_domain(std::string(191, 'a')).has_value());
}

class CreateDomainTest : public EngineTest {};

TEST_P(CreateDomainTest, TheFirstIsPrimaryAndEachHasOneOwner) {
    const auto create = [&](const std::string& owner, const std::string& host) {
        return db->write_now<Domain>(owner, [&](Tx& tx) { return create_domain(tx, owner, host); });
    };
    const auto second = create(workspace_id, "second." + domain);
    ASSERT_TRUE(second.has_value());
    EXPECT_FALSE(second->primary);
    const auto first_of_other = create(workspace_id + "x", "x." + domain);
    ASSERT_TRUE(first_of_other.has_value());
    EXPECT_TRUE(first_of_other->primary);
    const auto taken = create(workspace_id + "x", "Second." + domain);
    ASSERT_FALSE(taken.has_value());
    EXPECT_EQ(taken.error().code, ErrorCode::Conflict);
}

HW_ON_BOTH_ENGINES(CreateDomainTest);

}  // namespace
}  // namespace hw
