// SPDX-License-Identifier: Apache-2.0
// The server is killed again and again while a payment processor delivers, in random order and each
// event twice: in the end the books are those of a server that nobody has disturbed.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <iostream>
#include <random>
#include <regex>
#include <system_error>
#include <thread>

#include "connectors/stripe/signature.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/stripe_fixtures.hpp"
#include "tests/reliability/running_shop.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

constexpr std::string_view kSecret = "whsec_of_the_shop_under_test";
constexpr std::size_t kSenders = 4;

// What one customer does: a purchase that is refunded in two parts, told by both families of
// events, and the whole life of a subscription.
constexpr std::array kStory{
    "checkout_completed_payment_with_invoice.json",
    "invoice_paid_manual_from_checkout.json",
    "charge_refunded_partial_1.json",
    "refund_created_partial_1.json",
    "charge_refunded_partial_2_full.json",
    "customer_subscription_created_lifecycle.json",
    "invoice_paid_lifecycle_create.json",
    "customer_subscription_updated_upgrade.json",
    "invoice_paid_subscription_update_proration.json",
    "customer_subscription_updated_downgrade.json",
    "customer_subscription_updated_cancel_at_period_end.json",
    "customer_subscription_deleted.json",
};

// The same event of another customer, who came by the shop's first link.
std::string told_by(const std::string& event, int customer) {
    static const std::regex kIds(
        R"re("((?:evt|cs|in|pi|ch|re|sub|si|cus|inpay|il)_[A-Za-z0-9_]+)")re");
    static const std::regex kEmails(R"re("([a-z]+)@example\.com")re");
    auto text = std::regex_replace(event, kIds, fmt::format("\"$1x{}\"", customer));
    text = std::regex_replace(text, kEmails, fmt::format("\"$1.{}@example.com\"", customer));
    return std::regex_replace(text, std::regex("\"flexus1\""), "\"k0\"");
}

std::vector<std::string> deliveries_of(int customers) {
    std::vector<std::string> bodies;
    for (const auto* file : kStory) {
        const auto event = stripe::read_fixture(file);
        for (int i = 0; i < customers; ++i) bodies.push_back(told_by(event, i));
    }
    return bodies;
}

std::string delivery(const std::string& path, const std::string& body) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: api.example\r\nStripe-Signature: {}\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        path, stripe::sign(body, kSecret, std::time(nullptr)), body.size(), body);
}

bool is_taken(const RunningShop& shop, const std::string& path, const std::string& body) {
    try {
        return shop.ask(delivery(path, body)).status == 200;
    } catch (const std::system_error&) {
        return false;  // nobody listens at the moment
    }
}

// Again until it is acknowledged, as a processor does.
void deliver(const RunningShop& shop, const std::string& path, const std::string& body) {
    const bool taken =
        wait_for([&] { return is_taken(shop, path, body); }, std::chrono::minutes(2));
    HW_ASSERT(taken);
}

std::string connect_to(const RunningShop& shop) {
    const auto made = shop.ask(post_request(
        "/payment-connections", fmt::format(R"({{"provider":"stripe","secret":"{}"}})", kSecret)));
    HW_ASSERT(made.status == 201);
    static const std::regex kId(R"re("id":"([^"]+)")re");
    std::smatch found;
    HW_ASSERT(std::regex_search(made.body, found, kId));
    return "/hooks/stripe/" + found[1].str();
}

bool all_processed(const RunningShop& shop) {
    return lines_of(shop.url(),
                    "select job_id from jobs where kind = 'process_inbox' and state in "
                    "('ready', 'waiting', 'running', 'blocked')")
        .empty();
}

// What the shop sold, gave back and owes, under the names that others gave it.
std::vector<std::string> books_of(const std::string& url) {
    const std::string current =
        " join attributions a on a.workspace_id = c.workspace_id"
        " and a.conversion_id = c.conversion_id and a.seq = (select max(n.seq) from attributions n"
        " where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)";
    const std::string name =
        "(select min(p.alias) from payment_aliases p where p.workspace_id = c.workspace_id"
        " and p.conversion_id = c.conversion_id)";
    std::vector<std::string> books;
    for (const auto& sql : {
             "select p.alias || ' ' || c.amount || ' ' || c.currency || ' ' || r.kind || ' ' ||"
             " a.rung from payment_aliases p join conversions c on c.workspace_id = p.workspace_id"
             " and c.conversion_id = p.conversion_id join revenues r on r.workspace_id ="
             " c.workspace_id and r.conversion_id = c.conversion_id" +
                 current,
             "select 'refunded ' || " + name +
                 " || ' ' || sum(f.amount) from refunds f join payment_aliases x on"
                 " x.workspace_id = f.workspace_id and x.alias = f.payment_alias join conversions c"
                 " on c.workspace_id = x.workspace_id and c.conversion_id = x.conversion_id"
                 " group by c.workspace_id, c.conversion_id",
             std::string("select 'mrr ' || customer_key || ' ' || currency || ' ' || sum(delta)"
                         " from mrr_movements group by customer_key, currency"),
             "select 'lead ' || c.external_customer_id || ' ' || a.rung from conversions c" +
                 current + " where c.kind = 'lead'",
             // What is owed, held or not: a fraud rule that looks at the first customer of a kind
             // holds another one when another one was first.
             std::string("select 'owed ' || sum(balance) from ledger_balances where account like"
                         " 'partner:%'"),
             std::string("select 'spent ' || sum(balance) from ledger_balances where account not"
                         " like 'partner:%'"),
             std::string("select 'link ' || l.key || ' ' || sum(t.leads) || ' ' || sum(t.sales) ||"
                         " ' ' || sum(t.sale_amount) from link_totals t join links l on"
                         " l.workspace_id = t.workspace_id and l.link_id = t.link_id group by"
                         " l.key"),
         }) {
        for (auto& line : lines_of(url, sql)) books.push_back(std::move(line));
    }
    return books;
}

std::vector<std::string> undisturbed(EngineKind engine, const std::vector<std::string>& bodies) {
    const auto database = own_database(engine);
    seed_shop(database.url);
    RunningShop shop(database.url);
    shop.start();
    const auto path = connect_to(shop);
    for (const auto& body : bodies) deliver(shop, path, body);
    EXPECT_TRUE(wait_for([&] { return all_processed(shop); }, std::chrono::minutes(10)));
    shop.kill_hard();
    return books_of(database.url);
}

void kill_while_delivering(EngineKind engine, int customers, int kills) {
    std::mt19937_64 dice(printed_seed());
    const auto bodies = deliveries_of(customers);
    const auto expected = undisturbed(engine, bodies);

    auto twice = bodies;
    twice.insert(twice.end(), bodies.begin(), bodies.end());
    std::ranges::shuffle(twice, dice);
    const auto database = own_database(engine);
    seed_shop(database.url);
    RunningShop shop(database.url);
    shop.start();
    const auto path = connect_to(shop);
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> senders;
    for (std::size_t i = 0; i < kSenders; ++i) {
        senders.emplace_back([&] {
            for (auto at = next++; at < twice.size(); at = next++) deliver(shop, path, twice[at]);
        });
    }
    for (int round = 1; round <= kills; ++round) {
        const auto enough =
            twice.size() * static_cast<std::size_t>(round) / static_cast<std::size_t>(kills + 1);
        wait_for([&] { return next >= enough; }, std::chrono::minutes(10));
        shop.kill_hard();
        shop.start();
    }
    for (auto& sender : senders) sender.join();
    // What was under way when the server died is taken up when its lease has ended.
    EXPECT_TRUE(wait_for([&] { return all_processed(shop); }, std::chrono::minutes(10)));
    shop.kill_hard();
    EXPECT_EQ(fmt::format("{}", fmt::join(books_of(database.url), "\n")),
              fmt::format("{}", fmt::join(expected, "\n")));
    std::cout << fmt::format("{} deliveries, {} kills, {} lines of books", twice.size(), kills,
                             expected.size())
              << std::endl;
}

TEST(InboxKill9, OnSqlite) {
    kill_while_delivering(EngineKind::Sqlite, rounds(10, 417), rounds(4, 20));
}

TEST(InboxKill9, OnPostgres) {
    kill_while_delivering(EngineKind::Postgres, rounds(10, 417), rounds(4, 20));
}

}  // namespace
}  // namespace hw
