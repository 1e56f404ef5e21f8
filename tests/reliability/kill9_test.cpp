// SPDX-License-Identifier: Apache-2.0
// Clients note down every acknowledgement while the server, or its database, is killed at a random
// moment. Whatever was acknowledged is there afterwards, once, and nothing is there twice.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include "store/migrate.hpp"
#include "tests/postgres_cluster.hpp"
#include "tests/reliability/running_shop.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

constexpr int kThreads = 4;
constexpr int kShoppersPerThread = 16;
constexpr int kRoundsPerDatabase = 50;

enum class Outcome : std::uint8_t { Acknowledged, Refused, Unknown };

// One thing that a client told the server, perhaps several times.
struct Fact {
    std::string request;
    std::int64_t amount = 0;  // of a sale
    std::string click_id;     // of a click, once it is known
    std::string answer;       // of a sale
    bool acknowledged = false;
    bool unknown = false;  // some time nobody said what became of it
};

// By agent, customer and invoice id.
struct Told {
    std::map<std::string, Fact> clicks;
    std::map<std::string, Fact> leads;
    std::map<std::string, Fact> sales;
    std::int64_t changed_answers = 0;

    void merge(Told& other) {
        clicks.merge(other.clicks);
        leads.merge(other.leads);
        sales.merge(other.sales);
        changed_answers += other.changed_answers;
    }
    std::int64_t acknowledged() const {
        std::int64_t count = 0;
        for (const auto* facts : {&clicks, &leads, &sales}) {
            for (const auto& [key, fact] : *facts) count += fact.acknowledged ? 1 : 0;
        }
        return count;
    }
};

Outcome outcome_of(const std::optional<RawAnswer>& answer) {
    if (!answer) return Outcome::Unknown;
    if (answer->status == 200 || answer->status == 302) return Outcome::Acknowledged;
    const bool unknown = answer->body.find("was recorded is unknown") != std::string::npos;
    return unknown ? Outcome::Unknown : Outcome::Refused;
}

// A client that keeps its connection and tells one thing after the other.
class Shopper {
  public:
    Shopper(std::string name, std::uint64_t seed) : name_(std::move(name)), generator_(seed) {}

    // False when the server is gone.
    bool tell(const RunningShop& shop) {
        pick();
        try {
            if (!client_) client_.emplace(shop.port());
        } catch (const std::system_error&) {  // a full or closed door: nobody heard anything
            client_.reset();
            return false;
        }
        client_->send(fact_->request);
        return true;
    }

    // What came of it. False when the connection is gone.
    bool hear() {
        const auto answer = client_->answer();
        const auto outcome = outcome_of(answer);
        fact_->unknown |= outcome == Outcome::Unknown;
        if (outcome == Outcome::Acknowledged) note_acknowledged(*answer);
        if (!answer) client_.reset();
        last_refused_ = outcome == Outcome::Refused;
        return answer.has_value();
    }

    bool last_refused() const { return last_refused_; }
    Told& told() { return told_; }

  private:
    void pick() {
        const auto dice = generator_() % 10;
        kind_ = 'c';
        if (dice >= 4 && !click_id_.empty()) kind_ = 'l';
        if (dice >= 6 && !click_id_.empty()) kind_ = 's';
        if (dice == 9 && !invoice_.empty()) {
            fact_ = &told_.sales.at(invoice_);  // the same once more
            return;
        }
        const auto id = fmt::format("{}-{}", name_, ++count_);
        if (kind_ == 'c') {
            fact_ = &told_.clicks[id];
            fact_->request =
                click_request(fmt::format("k{}", generator_() % kShopLinks), browser_agent(id));
        } else if (kind_ == 'l') {
            fact_ = &told_.leads[id];
            fact_->request = lead_request(click_id_, id);
            customer_in_doubt_ = id;
        } else {
            SaleTold sale{.customer = customer_.empty() ? "direct-" + id : customer_,
                          .invoice = id,
                          .amount = static_cast<std::int64_t>(generator_() % 1'000'000 + 1)};
            if (customer_.empty()) sale.click_id = click_id_;
            fact_ = &told_.sales[id];
            fact_->amount = sale.amount;
            fact_->request = sale_request(sale);
            invoice_ = id;
        }
    }

    void note_acknowledged(const RawAnswer& answer) {
        if (kind_ == 'c') {
            fact_->click_id = click_id_ = click_id_of(answer);
        } else if (kind_ == 'l') {
            customer_ = customer_in_doubt_;
        } else {
            if (fact_->acknowledged && fact_->answer != answer.body) ++told_.changed_answers;
            fact_->answer = answer.body;
        }
        fact_->acknowledged = true;
    }

    std::string name_;
    std::mt19937_64 generator_;
    std::optional<RawClient> client_;
    Told told_;
    Fact* fact_ = nullptr;
    char kind_ = 'c';
    bool last_refused_ = false;
    int count_ = 0;
    std::string click_id_;  // the last ones acknowledged
    std::string customer_;
    std::string customer_in_doubt_;
    std::string invoice_;  // the last one told
};

// Everybody tells something and hears what came of it, until the server is gone or `enough`.
void shop_on(const RunningShop& shop, std::vector<Shopper>& shoppers,
             const std::atomic<bool>& enough) {
    while (!enough) {
        std::vector<Shopper*> telling;
        for (auto& shopper : shoppers) {
            if (shopper.tell(shop)) telling.push_back(&shopper);
        }
        bool refused = false;
        for (auto* shopper : telling) {
            shopper->hear();
            refused |= shopper->last_refused();
        }
        // A client that is refused, or finds the door closed, does not come again at once.
        if (refused || telling.size() < shoppers.size()) ::poll(nullptr, 0, 50);
    }
}

// What the audit found, over all rounds.
struct Figures {
    int rounds = 0;
    std::int64_t told = 0;
    std::int64_t acknowledged = 0;
    std::int64_t in_doubt = 0;
    std::int64_t lost = 0;
    std::int64_t doubled = 0;
    std::int64_t invented = 0;  // refused or never told, and there all the same
    std::string first{};

    void note(std::int64_t& count, const std::string& what) {
        ++count;
        if (first.empty()) first = what;
    }
};

struct Shelf {
    std::string_view name;
    const std::map<std::string, Fact>& facts;
    std::map<std::string, std::vector<std::string>> rows;  // by key: what is stored beside it
};

// The lines "KEY VALUE" by their key.
std::map<std::string, std::vector<std::string>> by_key(const std::vector<std::string>& lines) {
    std::map<std::string, std::vector<std::string>> rows;
    for (const auto& line : lines) {
        const auto blank = line.find(' ');
        rows[line.substr(0, blank)].push_back(line.substr(blank + 1));
    }
    return rows;
}

void audit_shelf(const Shelf& shelf, Figures& figures) {
    for (const auto& [key, rows] : shelf.rows) {
        const auto what = fmt::format("{} {}", shelf.name, key);
        if (rows.size() > 1) figures.note(figures.doubled, what + " is there twice");
        const auto fact = shelf.facts.find(key);
        if (fact == shelf.facts.end() || !(fact->second.acknowledged || fact->second.unknown)) {
            figures.note(figures.invented, what + " is there though it was refused");
        }
    }
    for (const auto& [key, fact] : shelf.facts) {
        if (!fact.acknowledged) continue;
        const auto rows = shelf.rows.find(key);
        const auto expected = shelf.name == "click"  ? fact.click_id
                              : shelf.name == "sale" ? std::to_string(fact.amount)
                                                     : std::string("0");
        if (rows == shelf.rows.end() || rows->second.front() != expected) {
            figures.note(figures.lost, fmt::format("{} {}", shelf.name, key));
        }
    }
}

// An agent ends in the name of its click.
std::map<std::string, std::vector<std::string>> stored_clicks(const std::string& url) {
    auto lines = lines_of(url,
                          "select user_agent || ' ' || touch_id from touches"
                          " where user_agent not like 'probe%'");
    for (auto& line : lines) {
        const auto id = line.rfind(' ');
        line = line.substr(line.rfind(' ', id - 1) + 1);
    }
    return by_key(lines);
}

void audit(const std::string& url, const Told& told, Figures& figures) {
    audit_shelf({"click", told.clicks, stored_clicks(url)}, figures);
    audit_shelf({"lead", told.leads,
                 by_key(lines_of(url,
                                 "select external_customer_id || ' ' || amount"
                                 " from conversions where kind = 'lead'"
                                 " and source = 'api'"))},
                figures);
    audit_shelf({"sale", told.sales,
                 by_key(lines_of(url,
                                 "select invoice_id || ' ' || amount from conversions"
                                 " where kind = 'purchase'"))},
                figures);
}

// What clients do that were left without an answer: they tell it again.
void tell_again(const RunningShop& shop, std::map<std::string, Fact>& facts, Figures& figures) {
    RawClient client(shop.port());
    for (auto& [key, fact] : facts) {
        if (fact.acknowledged) continue;
        client.send(fact.request);
        const auto answer = client.answer();
        ASSERT_TRUE(answer.has_value()) << key;
        ASSERT_EQ(answer->status, 200) << key << ": " << answer->body;
        fact.answer = answer->body;
        fact.acknowledged = true;
        ++figures.in_doubt;
    }
}

// One database and everything that was told to it.
class Trial {
  public:
    Trial(std::string url, std::uint64_t seed) : shop_(std::move(url)), generator_(seed) {
        seed_shop(shop_.url());
        shop_.start();
    }

    template <class Disaster>
    void round(int number, Disaster disaster, Figures& figures) {
        std::vector<std::vector<Shopper>> crowd(kThreads);
        for (int i = 0; i < kThreads * kShoppersPerThread; ++i) {
            crowd[static_cast<std::size_t>(i % kThreads)].emplace_back(
                fmt::format("r{}s{}", number, i), generator_());
        }
        std::atomic<bool> enough{false};
        std::vector<std::thread> threads;
        for (auto& shoppers : crowd) {
            threads.emplace_back([&] { shop_on(shop_, shoppers, enough); });
        }
        // The moment itself is what is drawn here; nothing is waited for.
        ::poll(nullptr, 0, static_cast<int>(5 + generator_() % 496));
        disaster(shop_);
        enough = true;
        for (auto& thread : threads) thread.join();
        if (!shop_.running()) shop_.start();
        for (auto& shoppers : crowd) {
            for (auto& shopper : shoppers) told_.merge(shopper.told());
        }
        audit(shop_.url(), told_, figures);
        tell_again(shop_, told_.leads, figures);
        tell_again(shop_, told_.sales, figures);
        audit(shop_.url(), told_, figures);
        ++figures.rounds;
    }

    void close(Figures& figures) {
        figures.acknowledged += told_.acknowledged();
        figures.told += static_cast<std::int64_t>(told_.clicks.size() + told_.leads.size() +
                                                  told_.sales.size());
        EXPECT_EQ(told_.changed_answers, 0) << "a repeated sale was answered in other words";
        EXPECT_EQ(recount(shop_.url()), std::vector<std::string>());
    }

  private:
    RunningShop shop_;
    std::mt19937_64 generator_;
    Told told_;
};

void report(std::string_view name, const Figures& figures) {
    std::cout << fmt::format(
                     "{}: {} rounds, {} told, {} acknowledged, {} told again after no answer or a "
                     "refusal, {} lost, {} doubled, {} invented",
                     name, figures.rounds, figures.told, figures.acknowledged, figures.in_doubt,
                     figures.lost, figures.doubled, figures.invented)
              << std::endl;
    EXPECT_GT(figures.acknowledged, 0);
    EXPECT_EQ(figures.lost, 0) << figures.first;
    EXPECT_EQ(figures.doubled, 0) << figures.first;
    EXPECT_EQ(figures.invented, 0) << figures.first;
}

void kill_server(EngineKind engine, int count) {
    std::mt19937_64 generator(printed_seed());
    Figures figures;
    while (figures.rounds < count && !::testing::Test::HasFailure()) {
        const auto database = own_database(engine);
        Trial trial(database.url, generator());
        for (int i = 0; i < kRoundsPerDatabase && figures.rounds < count; ++i) {
            trial.round(i, [](RunningShop& shop) { shop.kill_hard(); }, figures);
            ASSERT_FALSE(::testing::Test::HasFailure()) << "in round " << figures.rounds;
        }
        trial.close(figures);
    }
    report(engine == EngineKind::Sqlite ? "server on SQLite" : "server on PostgreSQL", figures);
}

TEST(Kill9, ServerOnSqlite) {
    kill_server(EngineKind::Sqlite, rounds(40, 1'000));
}

TEST(Kill9, ServerOnPostgres) {
    kill_server(EngineKind::Postgres, rounds(15, 200));
}

// The server stays, loses its database and finds it again without anybody's help.
TEST(Kill9, Postgres) {
    std::mt19937_64 generator(printed_seed());
    PostgresCluster cluster;
    Figures figures;
    const auto url = cluster.fresh_database();
    migrate(url);
    Trial trial(url, generator());
    const int count = rounds(5, 50);
    int probes = 0;
    for (int i = 0; i < count; ++i) {
        const auto disaster = [&](RunningShop& shop) {
            cluster.kill_hard();
            cluster.start();
            const auto probe = [&] {
                const auto agent = fmt::format("probe{}", ++probes);
                return shop.ask(click_request("k0", agent)).status == 302;
            };
            EXPECT_TRUE(wait_for(probe)) << shop.log();
            EXPECT_TRUE(shop.running());
        };
        trial.round(i, disaster, figures);
        ASSERT_FALSE(::testing::Test::HasFailure()) << "in round " << i;
    }
    trial.close(figures);
    report("PostgreSQL itself", figures);
}

}  // namespace
}  // namespace hw
