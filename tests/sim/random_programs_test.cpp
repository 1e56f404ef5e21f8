// SPDX-License-Identifier: Apache-2.0
// Many random partner programmes on both engines: whatever happens, the books are right, and
// reversing everything leaves nothing. Some hundreds by default, 100,000 with HW_LONG=1.
// HW_SEED=n HW_PROGRAMS=1 plays the programme of that seed again and looks after each step.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <thread>

#include "store/fx_rates.hpp"
#include "tests/sim/random_program.hpp"

namespace hw {
namespace {

constexpr std::size_t kWrongMax = 5;
// Of each thread its own, so that nobody waits for another's rate.
constexpr std::array<std::string_view, 8> kRareCurrencies{"nok", "sek", "dkk", "pln",
                                                          "chf", "cad", "aud", "nzd"};

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
    const char* given = std::getenv(name);
    return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

class RandomProgramsTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    static void put_rates(const std::string& url, TestEnv& env) {
        const auto connection = connect(url, Access::ReadWrite);
        connection->begin(kOperator);
        Tx tx(*connection, env, std::string(kOperator));
        insert_fx_rate(tx, {"2026-01-02", "eur", "usd", "1.1234", "test"});
        connection->commit();
    }

    void play(const std::string& url, std::size_t thread) {
        const auto connection = connect(url, Access::ReadWrite);
        while (wrong_count_ < kWrongMax) {
            const auto number = next_++;
            if (number >= count_) return;
            play_one(*connection, {.seed = first_seed_ + number,
                                   .rare_currency = std::string(kRareCurrencies[thread]),
                                   .is_checked_often = count_ == 1});
        }
    }
    void play_one(Connection& connection, const RandomProgramOptions& options) {
        TestEnv env(options.seed);
        connection.begin(kOperator);
        RandomProgram program(connection, env, options);
        std::string wrong;
        try {
            wrong = program.live();
        } catch (const std::exception& fault) {
            wrong = fmt::format("fault: {}", fault.what());
        }
        connection.rollback();
        const std::scoped_lock lock(mutex_);
        for (std::size_t i = 0; i < deeds_.size(); ++i) deeds_[i] += program.deeds()[i];
        if (wrong.empty()) return;
        ++wrong_count_;
        ADD_FAILURE() << wrong << "\nHW_SEED=" << options.seed << " HW_PROGRAMS=1\n"
                      << fmt::format("{}", fmt::join(program.story(), "\n"));
    }

    std::uint64_t first_seed_ = number_from("HW_SEED", std::random_device{}() % 1'000'000'000);
    std::uint64_t count_ =
        number_from("HW_PROGRAMS", std::getenv("HW_LONG") == nullptr ? 500 : 100'000);
    std::atomic<std::uint64_t> next_{0};
    std::atomic<std::size_t> wrong_count_{0};
    std::mutex mutex_;
    DeedCounts deeds_{};
};

TEST_P(RandomProgramsTest, BooksAreRightAndReverseToNothing) {
    std::cout << fmt::format("HW_SEED={} HW_PROGRAMS={}\n", first_seed_, count_) << std::flush;
    const std::size_t most = std::min<std::size_t>(std::thread::hardware_concurrency(), 4);
    const std::size_t threads = count_ == 1 ? 1 : std::max<std::size_t>(most, 1);
    std::vector<OwnDatabase> databases;
    TestEnv env;
    for (std::size_t i = 0; i < threads; ++i) {
        // SQLite has one writer at a time.
        if (i == 0 || GetParam() == EngineKind::Sqlite) {
            databases.push_back(own_database(GetParam()));
            put_rates(databases.back().url, env);
        }
    }
    std::vector<std::jthread> players;
    for (std::size_t i = 0; i < threads; ++i) {
        players.emplace_back(
            [this, i, url = databases[i % databases.size()].url] { play(url, i); });
    }
    players.clear();
    std::cout << fmt::format("seen: {}\n", fmt::join(deeds_, " "));
    if (count_ < 500 || wrong_count_ > 0) return;
    for (std::size_t i = 0; i < deeds_.size(); ++i) EXPECT_GT(deeds_[i], 0) << "deed " << i;
}

HW_ON_BOTH_ENGINES(RandomProgramsTest);

}  // namespace
}  // namespace hw
