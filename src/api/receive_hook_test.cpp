// SPDX-License-Identifier: Apache-2.0
#include "api/receive_hook.hpp"

#include "base/limits.hpp"
#include "core/payment_accounts.hpp"
#include "store/inbox.hpp"
#include "store/job_list.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ReceiveHookTest : public TrackApiTest {
  protected:
    ReceiveHookTest() {
        secret = "whsec_of_workspace_" + workspace_id;
        const auto made =
            post("/payment-connections", {{"provider", "stripe"}, {"secret", secret}});
        EXPECT_EQ(made.status, 201) << made.body;
        id = std::string(json_of(made).at("id").as_string());
    }
    Response deliver(std::string_view body, std::string_view signature, std::string to = {}) {
        const auto path = to.empty() ? "/hooks/stripe/" + id : to;
        return send("POST", path, body,
                    {{"Authorization", ""}, {"Fake-Signature", std::string(signature)}});
    }
    Json list(const std::string& what) {
        return json_of(send("GET", "/payment-connections/" + id + "/" + what));
    }

    std::string secret;
    std::string id;
};

TEST_P(ReceiveHookTest, OnceForEver) {
    const auto first = deliver(R"({"id":"evt_1"})", secret);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.body, R"({"received":true})");
    env.advance_ms(365LL * 86'400'000);
    EXPECT_EQ(deliver(R"({"id":"evt_1"})", secret).body, R"({"received":true,"duplicate":true})");
    const auto rows = list("deliveries").as_array();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows.front().at("state"), "received");
    EXPECT_EQ(rows.front().at("deliveryId"), "evt_1");
    const auto kept = *read([&](Tx& tx) -> Result<std::optional<InboxRow>> {
        return find_inbox(tx, rows.front().at("id").as_string());
    });
    EXPECT_EQ(kept->body, R"({"id":"evt_1"})");
    ASSERT_EQ(kept->headers.size(), 1U);
    EXPECT_EQ(kept->headers.front().second, secret);
}

TEST_P(ReceiveHookTest, Answers) {
    struct Row {
        std::string body;
        std::string signature;
        std::string path;
        std::string expected;
    };
    const auto mine = "/hooks/stripe/" + id;
    const Row rows[] = {
        {R"({"id":"evt_1"})", secret, mine, R"(200 {"received":true})"},
        {R"({"id":"evt_2"})", secret, "/api" + mine, R"(200 {"received":true})"},
        {R"({"id":"evt_3","test":1})", secret, mine, R"(200 {"received":true})"},
        {R"({"id":"evt_4","thin":1})", secret, mine, R"(200 {"received":true})"},
        {R"({"id":"evt_5"})", "x", mine,
         R"(400 {"error":"signature_verification_failed","reason":"no_match"})"},
        {R"([1])", secret, mine, R"(400 {"error":"not_an_event","reason":"not_an_event"})"},
        {"\xff\x00 no text", "x", mine,
         R"(400 {"error":"signature_verification_failed","reason":"no_match"})"},
        {R"({"id":"evt_6"})", secret, mine + "0", "404 No payment connection has this address"},
        {R"({"id":"evt_6"})", secret, "/hooks/paddle/" + id, "404 No payment connection"},
        {std::string(limits::kBodyBytesMax + 1, ' '), secret, mine, "413 The body is longer"},
    };
    for (const auto& row : rows) {
        const auto answer = deliver(row.body, row.signature, row.path);
        const auto seen = answer.status == 400 ? "400 " + answer.body : outcome(answer);
        EXPECT_TRUE(seen.starts_with(row.expected)) << seen << " instead of " << row.expected;
        env.advance_ms(1);  // ids of the same millisecond have no order
    }
    EXPECT_EQ(list("deliveries").as_array().size(), 4U);
    EXPECT_EQ(list("quarantine").as_array().size(), 3U);
    const auto ignored = list("deliveries?state=ignored").as_array();
    ASSERT_EQ(ignored.size(), 2U);
    EXPECT_EQ(ignored[0].at("reason"), "thin_event");
    EXPECT_EQ(ignored[1].at("reason"), "mode_mismatch");
    const auto connection = json_of(send("GET", "/payment-connections/" + id));
    EXPECT_TRUE(connection.at("warning").as_string().starts_with("Thin events arrive"));
}

TEST_P(ReceiveHookTest, TooMany) {
    restart({.rate_limits = {.hook = 2}, .providers = {&provider}});
    EXPECT_EQ(deliver(R"({"id":"evt_1"})", secret).status, 200);
    EXPECT_EQ(deliver(R"({"id":"evt_2"})", "x").status, 400);
    const auto refused = deliver(R"({"id":"evt_3"})", secret);
    EXPECT_EQ(refused.status, 429);
    EXPECT_NE(header_of(refused, "Retry-After"), "");
    EXPECT_EQ(list("quarantine").as_array().size(), 1U);
}

TEST_P(ReceiveHookTest, AGoneConnectionTakesNothing) {
    EXPECT_EQ(send("DELETE", "/payment-connections/" + id).status, 200);
    EXPECT_EQ(deliver(R"({"id":"evt_1"})", secret).status, 404);
    // Its secret may be used again.
    EXPECT_EQ(post("/payment-connections", {{"provider", "stripe"}, {"secret", secret}}).status,
              201);
}

// The directory of accounts is the whole server's, so the account is one of this test.
class AccountHookTest : public ReceiveHookTest {
  protected:
    AccountHookTest() {
        platform = workspace_id;
        platform_key = api_key;
        platform_id = std::exchange(id, "");
        be_tenant();
        account = "acct_of_" + workspace_id;
        const AssignAccount input{
            .account_id = account, .connection_id = id, .via_connection_id = platform_id};
        const auto done = db->write_now<PaymentAccount>(
            std::string(kOperator), [&](Tx& tx) { return assign_payment_account(tx, input); });
        HW_ASSERT(done.has_value());
    }
    void be_tenant() {
        workspace_id = "ws_tenant_" + workspace_id;
        const auto made = write([&](Tx& tx) -> Result<bool> {
            Workspace workspace;
            workspace.workspace_id = workspace.slug = workspace.name = tx.workspace_id();
            return insert_workspace(tx, workspace);
        });
        HW_ASSERT(made && *made);
        api_key = make_api_key("apis.all");
        const auto connection = post("/payment-connections", {{"provider", "stripe"}});
        HW_ASSERT(connection.status == 201);
        id = std::string(json_of(connection).at("id").as_string());
    }
    std::string event(const std::string& event_id, const std::string& of_account) {
        return R"({"id":")" + event_id + R"(","account":")" + of_account + R"("})";
    }
    int deliver_to_platform(const std::string& body, const std::string& signature) {
        env.advance_ms(1);
        return deliver(body, signature, "/hooks/stripe/" + platform_id).status;
    }
    // The ids of the deliveries of a workspace's connection.
    std::string deliveries(const std::string& key, const std::string& connection) {
        const auto rows = json_of(send("GET", "/payment-connections/" + connection + "/deliveries",
                                       {}, {{"Authorization", "Bearer " + key}}));
        std::string text;
        for (const auto& row : rows.as_array()) {
            text.append(row.at("deliveryId").as_string()).append(" ");
        }
        return text;
    }

    std::string platform;
    std::string platform_key;
    std::string platform_id;
    std::string account;
};

TEST_P(AccountHookTest, AConnectedAccountHasItsOwnInbox) {
    EXPECT_EQ(deliver_to_platform(event("evt_1", account), secret), 200);
    EXPECT_EQ(deliver_to_platform(event("evt_1", account), secret), 200);
    EXPECT_EQ(deliver_to_platform(event("evt_2", "acct_of_nobody"), secret), 200);
    EXPECT_EQ(deliver_to_platform(R"({"id":"evt_3"})", secret), 200);
    EXPECT_EQ(deliver_to_platform(event("evt_4", account), "forged"), 400);
    EXPECT_EQ(deliveries(api_key, id), "evt_1 ");
    EXPECT_EQ(deliveries(platform_key, platform_id), "evt_3 evt_2 ");
    const auto rows = json_of(send("GET", "/payment-connections/" + id + "/deliveries"));
    EXPECT_EQ(rows.at(0).at("duplicates"), 1);
    EXPECT_TRUE(rows.at(0).at("acceptedBy").is_null());
    const auto connection = json_of(send("GET", "/payment-connections/" + id));
    EXPECT_EQ(connection.at("accounts").at(0).as_string(), account);
    EXPECT_TRUE(connection.at("warning").is_null()) << "the platform's secret signs for it";
}

TEST_P(AccountHookTest, AnotherSecretSignsForNoAccount) {
    // A third workspace knows its own secret and names the account of the tenant.
    const auto tenant_key = api_key;
    const auto tenant_id = id;
    workspace_id = "ws_third_" + workspace_id;
    be_tenant();
    const auto own = "whsec_of_the_third_" + workspace_id;
    ASSERT_EQ(post("/payment-connections/" + id + "/rotate-secret", {{"secret", own}}).status, 200);
    EXPECT_EQ(deliver(event("evt_1", account), own, "/hooks/stripe/" + id).status, 200);
    EXPECT_EQ(deliveries(api_key, id), "evt_1 ");
    EXPECT_EQ(deliveries(tenant_key, tenant_id), "");
}

TEST_P(AccountHookTest, ALateSecretVouchesForTheAccount) {
    const auto late = "whsec_late_of_" + workspace_id;
    EXPECT_EQ(deliver_to_platform(event("evt_1", account), late), 400);
    EXPECT_EQ(deliver_to_platform(R"({"id":"evt_2"})", late), 400);
    const auto tenant_key = std::exchange(api_key, platform_key);
    const auto rotated =
        post("/payment-connections/" + platform_id + "/rotate-secret", {{"secret", late}});
    EXPECT_EQ(json_of(rotated).at("accepted"), 2) << rotated.body;
    EXPECT_EQ(deliveries(tenant_key, id), "evt_1 ");
    EXPECT_EQ(deliveries(platform_key, platform_id), "evt_2 ");
}

// With a database of its own: the setting looks at all workspaces.
class UnverifiedHookTest : public ReceiveHookTest {
  protected:
    UnverifiedHookTest() : own_(own_database(GetParam())) {
        db->stop();
        api.reset();
        db = open({.url = own_.url, .payloads = &payloads});
        restart({.accept_unverified_hooks = true, .providers = {&provider}});
        add_workspace(workspace_id);
        api_key = make_api_key("apis.all");
        const auto made = post("/payment-connections", {{"provider", "stripe"}});
        HW_ASSERT(made.status == 201);
        id = std::string(json_of(made).at("id").as_string());
    }
    // Nobody is connected to the database when it goes.
    ~UnverifiedHookTest() override {
        db->stop();
        api.reset();
        db = open({.url = url});
    }
    void add_workspace(const std::string& name) {
        const auto made = db->write_now<bool>(name, [&](Tx& tx) -> Result<bool> {
            Workspace workspace;
            workspace.workspace_id = workspace.slug = workspace.name = name;
            return insert_workspace(tx, workspace);
        });
        HW_ASSERT(made && *made);
    }

  private:
    OwnDatabase own_;
};

TEST_P(UnverifiedHookTest, TheSettingAcceptsForOneWorkspaceAlone) {
    EXPECT_EQ(deliver(R"({"id":"evt_1"})", "").body, R"({"received":true})");
    EXPECT_EQ(deliver(R"({"id":"evt_1"})", "x").body, R"({"received":true,"duplicate":true})");
    EXPECT_EQ(deliver("no event", "x").status, 400);
    EXPECT_EQ(list("deliveries").at(0).at("acceptedBy"), "setting");
    EXPECT_EQ(list("quarantine").as_array().size(), 1U);
    const auto decisions = json_of(send("GET", "/admin/quarantine/decisions"));
    ASSERT_EQ(decisions.as_array().size(), 1U);
    EXPECT_EQ(decisions.at(0).at("decidedBy"), "setting");
    add_workspace("ws_second");
    EXPECT_EQ(deliver(R"({"id":"evt_2"})", "x").status, 400);
    EXPECT_EQ(list("deliveries").as_array().size(), 1U);
    EXPECT_EQ(list("quarantine").as_array().size(), 2U);
}

HW_ON_BOTH_ENGINES(AccountHookTest);
HW_ON_BOTH_ENGINES(UnverifiedHookTest);
HW_ON_BOTH_ENGINES(ReceiveHookTest);

}  // namespace
}  // namespace hw
