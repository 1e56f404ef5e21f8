// SPDX-License-Identifier: Apache-2.0
#include "core/verify_domain.hpp"

#include "core/claim_domain.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class VerifyDomainTest : public EngineTest {
  protected:
    VerifyDomainTest() {
        db = open({.url = url});
        host = "proof-" + std::to_string(env.random_64()) + ".example";
        other = write([&](Tx& tx) -> Result<std::string> { return tx.new_id("ws_"); }).value();
    }
    Domain claim(const std::string& workspace) {
        return db
            ->write_now<Domain>(
                workspace, [&](Tx& tx) -> Result<Domain> { return claim_domain(tx, host, {}); })
            .value();
    }
    std::string verify(const std::string& workspace, DomainRecords records) {
        const auto done =
            db->write_now<Domain>(std::string(kOperator), [&](Tx& tx) -> Result<Domain> {
                return verify_domain(tx, workspace, host, records, {"app.example"});
            });
        if (!done) return done.error().reason;
        return done->verified ? "verified" : "claim";
    }
    std::string holder() {
        const auto found =
            db->read_now<std::string>(std::string(kOperator), [&](Tx& tx) -> Result<std::string> {
                const auto found_domain = find_domain(tx, host);
                return found_domain ? found_domain->workspace_id : "";
            });
        return *found;
    }

    std::string host;
    std::string other;  // a workspace that is not the test's
};

TEST_P(VerifyDomainTest, TheTokenProvesItAndACnameOnlyAlone) {
    const auto mine = claim(workspace_id);
    struct Row {
        DomainRecords records;
        std::string expected;
    };
    const Row rows[] = {
        {{}, "claim"},
        {{.texts = {"", "other", mine.token + "x"}, .cnames = {"other.example"}}, "claim"},
        {{.texts = {"v=spf1", mine.token}, .cnames = {}}, "verified"},
        {{}, "verified"},  // once shown, it stays
    };
    EXPECT_EQ(verify(other, {}), "domain_not_found");
    for (const auto& row : rows) EXPECT_EQ(verify(workspace_id, row.records), row.expected);
    EXPECT_EQ(holder(), workspace_id);
}

TEST_P(VerifyDomainTest, NobodysClaimIsInTheWay) {
    const auto theirs = claim(other);
    const auto mine = claim(workspace_id);
    EXPECT_NE(theirs.token, mine.token);
    const DomainRecords cname{.texts = {}, .cnames = {"app.example"}};
    EXPECT_EQ(verify(other, cname), "claim") << "two claim it, and a CNAME says not which";
    EXPECT_EQ(verify(other, {.texts = {mine.token}, .cnames = {}}), "claim");
    EXPECT_EQ(verify(workspace_id, {.texts = {mine.token}, .cnames = {}}), "verified");
    EXPECT_EQ(verify(other, cname), "claim");
    EXPECT_EQ(holder(), workspace_id);
    // The name has a new owner, whose records say so.
    EXPECT_EQ(verify(other, {.texts = {theirs.token}, .cnames = {}}), "verified");
    EXPECT_EQ(holder(), other);
    EXPECT_EQ(verify(workspace_id, {}), "claim");
}

TEST_P(VerifyDomainTest, ACnameIsEnoughForOne) {
    claim(workspace_id);
    EXPECT_EQ(verify(workspace_id, {.texts = {}, .cnames = {"app.example"}}), "verified");
}

// What setup and seed made is the operator's word.
TEST_P(VerifyDomainTest, TheOperatorsDomainsStay) {
    host = domain;
    const auto theirs = claim(other);
    EXPECT_EQ(verify(other, {.texts = {theirs.token}, .cnames = {}}), "domain_of_operator");
    EXPECT_EQ(holder(), workspace_id);
}

HW_ON_BOTH_ENGINES(VerifyDomainTest);

}  // namespace
}  // namespace hw
