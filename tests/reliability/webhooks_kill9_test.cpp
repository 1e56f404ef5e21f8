// SPDX-License-Identifier: Apache-2.0
// The server is killed again and again while an endpoint that misbehaves is told of sales: in the
// end the endpoint has taken every sale that was acknowledged.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "tests/fixture/engine_test.hpp"
#include "tests/peers/image_host.hpp"
#include "tests/reliability/running_shop.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

constexpr int kShoppers = 3;
constexpr int kSalesMax = 60;  // of a shopper in a round

// What stands in a JSON text behind "name":" up to the next quote.
std::string text_in(const std::string& json, std::string_view name) {
    const auto key = fmt::format("\"{}\":\"", name);
    const auto at = json.find(key);
    if (at == json.npos) return {};
    const auto begin = at + key.size();
    return json.substr(begin, json.find('"', begin) - begin);
}

// Refuses some events once, each in its own way, and takes everything the second time.
class Endpoint {
  public:
    explicit Endpoint(std::uint64_t seed)
        : dice_(seed), host_([this](const std::string& request) { return answer(request); }) {}

    std::string url() const { return host_.url(); }
    std::set<std::string> taken() const {
        const std::scoped_lock lock(mutex_);
        return taken_;
    }
    // Events that came with two bodies, or invoices with two event ids.
    int contradictions() const { return contradictions_; }
    int refusals() const { return refusals_; }

  private:
    using End = HostAnswer::End;

    HostAnswer answer(const std::string& request) {
        const auto body = request.substr(request.find("\r\n\r\n") + 4);
        const auto invoice = text_in(body, "invoiceId");
        const std::scoped_lock lock(mutex_);
        const auto [known, is_new] = bodies_.try_emplace(invoice, body);
        if (known->second != body) ++contradictions_;
        if (is_new && dice_() % 5 == 0) {
            ++refusals_;
            return refuse();
        }
        taken_.insert(invoice);
        return {http_answer(200, "")};
    }
    HostAnswer refuse() {
        switch (dice_() % 5) {
            case 0:
                return {http_answer(500, "")};
            case 1:
                return {http_answer(503, "", "text/plain", "Retry-After: 1\r\n")};
            case 2:
                return {"", End::Reset};
            case 3:
                return {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", End::Close};
            default:
                return {http_answer(302, "", "text/plain", "Location: /\r\n")};
        }
    }

    mutable std::mutex mutex_;
    std::mt19937_64 dice_;
    std::map<std::string, std::string> bodies_;
    std::set<std::string> taken_;
    std::atomic<int> contradictions_{0};
    std::atomic<int> refusals_{0};
    ImageHost host_;  // last: its threads use what stands above
};

// Tells sales of one customer until the server is gone; gives the invoices that it acknowledged.
std::set<std::string> shop_on(const RunningShop& shop, const std::string& name,
                              std::atomic<int>& heard) {
    std::set<std::string> acknowledged;
    RawClient client(shop.port());
    const auto ask = [&](const std::string& request) {
        client.send(request);
        return client.answer();
    };
    const auto click = ask(click_request("k0", browser_agent(name)));
    if (!click) return acknowledged;
    const auto lead = ask(lead_request(click_id_of(*click), name));
    for (int i = 0; lead && lead->status == 200 && i < kSalesMax; ++i) {
        const auto invoice = fmt::format("{}-{}", name, i);
        const auto sold = ask(sale_request({.customer = name, .invoice = invoice, .amount = 100}));
        if (!sold) return acknowledged;
        if (sold->status != 200) continue;
        acknowledged.insert(invoice);
        ++heard;
    }
    return acknowledged;
}

void kill_while_telling(EngineKind engine, int count) {
    const auto seed = printed_seed();
    std::mt19937_64 dice(seed);
    Endpoint endpoint(seed + 1);
    const auto database = own_database(engine);
    seed_shop(database.url);
    RunningShop shop(database.url, {"HEADWATER_ALLOW_PRIVATE=127.0.0.1"});
    shop.start();
    const auto made = shop.ask(post_request(
        "/webhooks", fmt::format(R"({{"url":"{}","events":["sale.created"]}})", endpoint.url())));
    ASSERT_EQ(made.status, 201) << made.body;

    std::set<std::string> acknowledged;
    for (int round = 0; round < count; ++round) {
        std::vector<std::set<std::string>> told(kShoppers);
        std::atomic<int> heard{0};
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < told.size(); ++i) {
            threads.emplace_back(
                [&, i] { told[i] = shop_on(shop, fmt::format("r{}s{}", round, i), heard); });
        }
        const int enough = 1 + static_cast<int>(dice() % kSalesMax);
        wait_for([&] { return heard >= enough; });
        shop.kill_hard();
        for (auto& thread : threads) thread.join();
        for (auto& invoices : told) acknowledged.merge(invoices);
        shop.start();
    }
    const auto missing = [&] {
        const auto taken = endpoint.taken();
        std::vector<std::string> lost;
        std::ranges::set_difference(acknowledged, taken, std::back_inserter(lost));
        return lost;
    };
    // What was under way when the server died is taken up when its lease has ended.
    const bool all = wait_for([&] { return missing().empty(); }, std::chrono::minutes(8));
    EXPECT_TRUE(all) << missing().size() << " lost, for example " << missing().front();
    EXPECT_EQ(endpoint.contradictions(), 0);
    EXPECT_GT(endpoint.refusals(), 0);
    std::cout << fmt::format("{} rounds, {} sales acknowledged, {} refused once, {} lost", count,
                             acknowledged.size(), endpoint.refusals(), missing().size())
              << std::endl;
}

TEST(WebhooksKill9, OnSqlite) {
    kill_while_telling(EngineKind::Sqlite, rounds(20, 100));
}

TEST(WebhooksKill9, OnPostgres) {
    kill_while_telling(EngineKind::Postgres, rounds(20, 100));
}

}  // namespace
}  // namespace hw
