// SPDX-License-Identifier: Apache-2.0
// Somebody who knows an address for payment webhooks and no secret tells of sales, and names a
// workspace in every way that there is. Not a row of the database changes but those of the
// quarantine.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <ctime>
#include <regex>

#include "connectors/stripe/signature.hpp"
#include "tests/fixture/digest.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/headwater_process.hpp"
#include "tests/fixture/stripe_fixtures.hpp"
#include "tests/reliability/running_shop.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

namespace json = boost::json;

constexpr std::string_view kSecret = "whsec_of_the_shop_under_test";
constexpr std::string_view kRivalSecret = "whsec_of_the_rival_next_door";
constexpr std::string_view kAccount = "acct_1ofTheShop";

std::string first_match(const std::string& text, const std::string& pattern) {
    std::smatch found;
    HW_ASSERT(std::regex_search(text, found, std::regex(pattern)));
    return found[1].str();
}

std::string request_to(const std::string& path, const std::string& body,
                       const std::string& headers) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: api.example\r\n{}Content-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        path, headers, body.size(), body);
}

std::string signed_header(const std::string& body, std::string_view secret, std::int64_t at_s) {
    return fmt::format("Stripe-Signature: {}\r\n", stripe::sign(body, secret, at_s));
}

class UnsignedHooksTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    UnsignedHooksTest() : database_(own_database(GetParam())), shop_(database_.url) {
        seed_shop(database_.url);
        shop_.start();
        const auto clicked = shop_.ask(click_request("k0", browser_agent("ada")));
        click_id_ = click_id_of(clicked);
        HW_ASSERT(shop_.ask(lead_request(click_id_, "customer-1")).status == 200);
        workspace_id_ = lines_of(database_.url, "select workspace_id from workspaces").front();
        id_ = connect(std::string(kShopToken), kSecret);
        make_rival();
        run({"accounts", "add", std::string(kAccount), "--via", rival_id_, "--to", id_});
    }

    std::string run(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--database", database_.url});
        const auto ran = run_headwater(arguments);
        EXPECT_EQ(ran.exit_code, 0) << ran.err;
        return ran.out;
    }
    // A platform with connected accounts, one of which is the shop's.
    void make_rival() {
        const auto made = run({"workspaces", "create", "rival"});
        rival_id_ = connect(first_match(made, "secret key +(dub_[A-Za-z0-9]+)"), kRivalSecret);
    }
    std::string connect(const std::string& token, std::string_view secret) {
        const auto body = fmt::format(R"({{"provider":"stripe","secret":"{}"}})", secret);
        const auto made = shop_.ask(
            request_to("/payment-connections", body, "Authorization: Bearer " + token + "\r\n"));
        HW_ASSERT(made.status == 201);
        return first_match(made.body, R"re("id":"([^"]+)")re");
    }

    // A paid checkout that names the shop in every way.
    std::string forged(int number) const {
        auto event = stripe::read_fixture_json("checkout_completed_payment_paid.json").as_object();
        event["id"] = fmt::format("evt_forged{}", number);
        event["account"] = kAccount;
        auto& session = event.at("data").at("object").as_object();
        session["id"] = fmt::format("cs_forged{}", number);
        session["payment_intent"] = fmt::format("pi_forged{}", number);
        session["client_reference_id"] = "customer-1";
        session["metadata"] = {{"link_slug", "k0"},
                               {"dub_click_id", click_id_},
                               {"customer_external_id", "customer-1"},
                               {"workspace", workspace_id_},
                               {"workspaceId", workspace_id_}};
        session.at("customer_details").as_object()["email"] = "ada@go.example";
        return json::serialize(event);
    }
    int deliver(const std::string& connection, const std::string& body,
                const std::string& headers) {
        return shop_.ask(request_to("/hooks/stripe/" + connection, body, headers)).status;
    }
    // Everything but what strangers are kept in, and the salts that hash their addresses.
    std::map<std::string, std::string> digest() {
        auto tables = database_digest(database_.url);
        for (const auto* name : {"quarantine", "salts"}) HW_ASSERT(tables.erase(name) == 1);
        return tables;
    }
    std::size_t sales() {
        return lines_of(database_.url, fmt::format("select conversion_id from conversions where "
                                                   "kind = 'purchase' and workspace_id = '{}'",
                                                   workspace_id_))
            .size();
    }
    bool is_idle() {
        return lines_of(database_.url,
                        "select job_id from jobs where state in ('ready', 'waiting', 'running')")
            .empty();
    }
    void wait_until_idle() {
        ASSERT_TRUE(wait_for([&] { return is_idle(); }, std::chrono::minutes(2)));
    }

    OwnDatabase database_;
    RunningShop shop_;
    std::string workspace_id_;
    std::string click_id_;
    std::string id_;
    std::string rival_id_;
};

TEST_P(UnsignedHooksTest, MoveNothing) {
    wait_until_idle();
    const auto before = digest();
    const auto now_s = static_cast<std::int64_t>(std::time(nullptr));
    int number = 0;
    struct Case {
        std::string what;
        std::string connection;
        std::string_view secret;  // empty: unsigned
        std::int64_t at_s;
        int expected;
    };
    const Case cases[] = {
        {"unsigned", id_, "", now_s, 400},
        {"unsigned, by the platform's address", rival_id_, "", now_s, 400},
        {"signed by nobody", id_, "whsec_of_nobody_at_all", now_s, 400},
        {"signed by nobody for the account", rival_id_, "whsec_of_nobody_at_all", now_s, 400},
        {"signed by another tenant", id_, kRivalSecret, now_s, 400},
        {"signed by the shop for the platform", rival_id_, kSecret, now_s, 400},
        {"signed long ago", id_, kSecret, now_s - 3'600, 400},
        {"to no connection", "0123456789abcdef0123456789abcdef", "", now_s, 404},
        {"to the workspace itself", workspace_id_, "", now_s, 404},
    };
    for (const auto& c : cases) {
        const auto body = forged(++number);
        const auto headers =
            c.secret.empty() ? std::string{} : signed_header(body, c.secret, c.at_s);
        EXPECT_EQ(deliver(c.connection, body, headers), c.expected) << c.what;
    }
    wait_until_idle();
    EXPECT_EQ(digest(), before);
    EXPECT_EQ(recount(database_.url), std::vector<std::string>{});
    const auto rows = lines_of(database_.url, "select candidates from quarantine");
    ASSERT_EQ(rows.size(), 7U);
    for (const auto& row : rows) {
        for (const auto* rung : {"connection", "account", "email_domain",
                                 "first_workspace_with_secret", "first_workspace"}) {
            EXPECT_TRUE(row.contains(fmt::format(R"("rung":"{}")", rung))) << row;
        }
    }
    // The same words with a good signature, or a person's decision, do move something.
    auto body = forged(100);
    EXPECT_EQ(deliver(rival_id_, body, signed_header(body, kRivalSecret, now_s)), 200);
    wait_until_idle();
    EXPECT_EQ(sales(), 1U);
    const auto assigned = lines_of(database_.url, fmt::format("select quarantine_id from quarantine"
                                                              " where workspace_id = '{}'",
                                                              workspace_id_));
    run({"quarantine", "assign", assigned.front(), "--to", id_, "--reason", "they sent it",
         "--workspace", workspace_id_});
    wait_until_idle();
    EXPECT_EQ(sales(), 2U);
    run({"verify"});
}

HW_ON_BOTH_ENGINES(UnsignedHooksTest);

}  // namespace
}  // namespace hw
