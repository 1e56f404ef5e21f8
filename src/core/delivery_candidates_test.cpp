// SPDX-License-Identifier: Apache-2.0
#include "core/delivery_candidates.hpp"

#include "base/fault.hpp"
#include "core/payment_accounts.hpp"
#include "core/payment_connections.hpp"
#include "store/programs.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/fake_provider.hpp"

namespace hw {
namespace {

// With a database of its own: the lower rungs look at all workspaces.
class DeliveryCandidatesTest : public EngineTest {
  protected:
    DeliveryCandidatesTest() : own_(own_database(GetParam())) {
        db = open({.url = own_.url});
        add_workspace("ws_a", "go.first.example", "https://www.first.example/partners");
        add_workspace("ws_b", "second.example", "https://second-shop.example");
        add_workspace("ws_c", "c.example", "https://third.example.evil.example");
        of_b = connect("ws_b", "");
        of_c = connect("ws_c", "whsec_of_the_third_one");
        const auto done = db->write_now<PaymentAccount>(std::string(kOperator), [&](Tx& tx) {
            return assign_payment_account(tx, {.account_id = "acct_1",
                                               .connection_id = of_b.connection_id,
                                               .via_connection_id = of_c.connection_id});
        });
        HW_ASSERT(done.has_value());
    }
    ~DeliveryCandidatesTest() override { db.reset(); }

    void add_workspace(const std::string& id, const std::string& host, const std::string& site) {
        const auto made = db->write_now<bool>(id, [&](Tx& tx) -> Result<bool> {
            Workspace workspace;
            workspace.workspace_id = workspace.slug = workspace.name = id;
            Program program;
            program.workspace_id = program.program_id = program.name = program.slug = id;
            program.url = site;
            return insert_workspace(tx, workspace) && insert_program(tx, program) &&
                   insert_domain(tx, {.slug = host, .workspace_id = id, .domain_id = id});
        });
        HW_ASSERT(made && *made);
    }
    PaymentConnection connect(const std::string& workspace, const std::string& secret) {
        NewPaymentConnection input;
        input.provider = "stripe";
        if (!secret.empty()) input.secrets = {secret};
        const auto made = db->write_now<PaymentConnection>(
            workspace, [&](Tx& tx) { return create_payment_connection(tx, input); });
        HW_ASSERT(made.has_value());
        return *made;
    }
    // "rung workspace" of each.
    std::string candidates(const std::string& body) {
        const FakeProvider provider;
        const auto claims = read_claims(provider, {body, {}, env.now_ms()});
        const auto found = db->read_now<std::vector<DeliveryCandidate>>(
            std::string(kOperator), [&](Tx& tx) -> Result<std::vector<DeliveryCandidate>> {
                return delivery_candidates(tx, of_b, claims);
            });
        std::string text;
        for (const auto& each : *found) {
            text += (text.empty() ? "" : ", ") + each.rung + " " + each.workspace_id;
        }
        return text;
    }

    PaymentConnection of_b;
    PaymentConnection of_c;

  private:
    OwnDatabase own_;
};

TEST_P(DeliveryCandidatesTest, RungByRung) {
    const std::string last = ", first_workspace_with_secret ws_c, first_workspace ws_a";
    struct Case {
        std::string body;
        std::string expected;
    };
    const Case cases[] = {
        {"no event", ""},
        {R"({"id":"e"})", ""},
        {R"({"id":"e","account":"acct_1"})", ", account ws_b"},
        {R"({"id":"e","account":"acct_2"})", ""},
        {R"({"id":"e","email":"ada@second.example"})", ", email_domain ws_b"},
        {R"({"id":"e","email":"ada@first.example"})", ", email_domain ws_a"},
        {R"({"id":"e","email":"ada@second-shop.example"})", ", email_domain ws_b"},
        {R"({"id":"e","email":"ada@third.example"})", ""},
        {R"({"id":"e","email":"ada@nobody.example"})", ""},
        {R"({"id":"e","email":"ada@gmail.com"})", ""},
        {R"({"id":"e","email":"no address"})", ""},
        {R"({"id":"e","account":"acct_1","email":"ada@first.example"})",
         ", account ws_b, email_domain ws_a"},
    };
    for (const auto& row : cases) {
        EXPECT_EQ(candidates(row.body), "connection ws_b" + row.expected + last) << row.body;
    }
}

TEST_P(DeliveryCandidatesTest, NobodyHasAnAddressOfEverybody) {
    add_workspace("ws_mail", "go.gmail.com", "https://gmail.com");
    EXPECT_FALSE(candidates(R"({"id":"e","email":"ada@gmail.com"})").contains("email_domain"));
}

HW_ON_BOTH_ENGINES(DeliveryCandidatesTest);

}  // namespace
}  // namespace hw
