// SPDX-License-Identifier: Apache-2.0
// A shop that tells the same sale many times at once: one effect, and everybody hears the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <set>
#include <thread>

#include "tests/reliability/running_shop.hpp"

namespace hw {
namespace {

constexpr int kClients = 256;
constexpr int kThreads = 4;
constexpr int kRounds = 200;

struct Heard {
    std::set<std::string> bodies;
    int not_ok = 0;
    std::string first_not_ok{};
};

// All clients send before any of them listens.
Heard tell_at_once(std::vector<RawClient>& clients, const std::string& request) {
    Heard heard;
    for (auto& client : clients) client.send(request);
    for (auto& client : clients) {
        const auto answer = client.answer().value_or(RawAnswer{});
        if (answer.status == 200) {
            heard.bodies.insert(answer.body);
            continue;
        }
        ++heard.not_ok;
        if (heard.first_not_ok.empty()) heard.first_not_ok = answer.head + answer.body;
    }
    return heard;
}

Heard tell_everywhere(std::vector<std::vector<RawClient>>& crowd, const std::string& request) {
    std::vector<Heard> parts(crowd.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < crowd.size(); ++i) {
        threads.emplace_back([&, i] { parts[i] = tell_at_once(crowd[i], request); });
    }
    for (auto& thread : threads) thread.join();
    Heard all;
    for (auto& part : parts) {
        all.bodies.merge(part.bodies);
        all.not_ok += part.not_ok;
        if (all.first_not_ok.empty()) all.first_not_ok = part.first_not_ok;
    }
    return all;
}

// `nodes` servers on one database; each round is a sale of a new customer, without a lead before
// it, so that customer, lead and sale are all made in the race.
void race(EngineKind engine, int nodes) {
    const auto database = own_database(engine);
    seed_shop(database.url);
    std::vector<std::unique_ptr<RunningShop>> shops;
    for (int i = 0; i < nodes; ++i) {
        shops.push_back(std::make_unique<RunningShop>(database.url));
        shops.back()->start();
    }
    std::vector<std::vector<RawClient>> crowd(kThreads);
    for (int i = 0; i < kClients; ++i) {
        const auto& shop = *shops[static_cast<std::size_t>(i % nodes)];
        crowd[static_cast<std::size_t>(i / (kClients / kThreads))].emplace_back(shop.port());
    }
    const auto click_id =
        click_id_of(shops[0]->ask(click_request("k0", browser_agent("the only one"))));
    ASSERT_FALSE(click_id.empty());

    for (int i = 0; i < kRounds; ++i) {
        const auto request = sale_request({.customer = fmt::format("c{}", i),
                                           .invoice = fmt::format("i{}", i),
                                           .amount = 1'000 + i,
                                           .click_id = click_id});
        const auto heard = tell_everywhere(crowd, request);
        ASSERT_EQ(heard.not_ok, 0) << "round " << i << ": " << heard.first_not_ok;
        ASSERT_EQ(heard.bodies.size(), 1U)
            << "round " << i << ": " << fmt::format("{}", fmt::join(heard.bodies, "\n"));
    }
    std::vector<std::string> expected;
    for (int i = 0; i < kRounds; ++i) {
        expected.push_back(fmt::format("lead c{} 0", i));
        expected.push_back(fmt::format("purchase c{} {}", i, 1'000 + i));
    }
    std::ranges::sort(expected);
    EXPECT_EQ(lines_of(database.url,
                       "select kind || ' ' || external_customer_id || ' ' || amount"
                       " from conversions"),
              expected);
    EXPECT_EQ(recount(database.url), std::vector<std::string>());
    std::cout << fmt::format("{} rounds of {} equal sales on {} node(s): one effect each", kRounds,
                             kClients, nodes)
              << std::endl;
}

TEST(Idempotency, EqualSalesAtOnceOnSqlite) {
    race(EngineKind::Sqlite, 1);
}

TEST(Idempotency, EqualSalesAtOnceOnPostgres) {
    race(EngineKind::Postgres, 1);
}

TEST(Idempotency, EqualSalesAtOnceOnTwoNodes) {
    race(EngineKind::Postgres, 2);
}

}  // namespace
}  // namespace hw
