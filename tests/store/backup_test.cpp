// SPDX-License-Identifier: Apache-2.0
// Backups: one moment of a database that is written to, into a file, into either engine.
#include "store/backup.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/digest.hpp"
#include "base/fault.hpp"
#include "core/record_clicks.hpp"
#include "core/verify_books.hpp"
#include "store/migrate.hpp"
#include "store/tables.hpp"
#include "tests/fixture/digest.hpp"
#include "tests/fixture/random_run.hpp"
#include "tests/fixture/sale_test.hpp"
#include "tests/fixture/sample_rows.hpp"
#include "tests/temp_dir.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

constexpr std::array kEngines{EngineKind::Sqlite, EngineKind::Postgres};

class BackupTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    BackupTest() : database(own_database(GetParam())), file(folder / "backup") {}

    static void fill(const std::string& url, int operations = 300) {
        TestEnv env(5);
        Db db({.url = url, .writers = 2, .readers = 1, .record_clicks = record_clicks}, env);
        RandomRun(db, env, 5).run(operations);
    }
    // Every table, with what is hard to carry: nulls, odd bytes, extremes.
    static void fill_every_table(const std::string& url) {
        const auto connection = connect_as_owner(url);
        connection->begin(kOperator);
        for (const auto& table : list_tables(*connection)) {
            for (int i = 1; i <= 120; ++i) insert_sample_row(*connection, table, "ws_x", i);
        }
        const std::array<Param, 2> odd{std::numeric_limits<std::int64_t>::min(),
                                       Param::Bytes{std::string_view("\0\xFF\n", 3)}};
        connection->exec_text(
            "insert into avatars (workspace_id, customer_id, content_type, image)"
            " values ('', '\xF0\x9F\xA6\x86', '''', $1)",
            {&odd[1], 1});
        connection->exec_text("update workspaces set created_at_ms = $1", {&odd[0], 1});
        connection->commit();
    }
    // Tables of a partner programme that a life without one would leave empty.
    static void expect_program(const std::map<std::string, std::string>& digest) {
        for (const auto* table : {"commissions", "commission_states", "commission_reviews",
                                  "refunds", "disputes", "payouts", "payout_items", "payout_steps",
                                  "postings", "ledger_balances", "ledger_seals"}) {
            ASSERT_TRUE(digest.contains(table)) << table;
            EXPECT_FALSE(digest.at(table).starts_with("0 rows")) << table;
        }
    }
    std::string damage(FunctionRef<void(std::string&)> change) {
        std::ifstream in(file, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        change(bytes);
        const auto path = folder / "damaged";
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }

    TempDir folder;
    OwnDatabase database;
    std::string file;
};

TEST_P(BackupTest, RestoresIntoEitherEngine) {
    fill(database.url);
    fill_every_table(database.url);
    const auto made = backup(database.url, file);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_GT(made->rows, 1'000);
    struct stat about{};
    ASSERT_EQ(::stat(file.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600U);
    EXPECT_FALSE(std::filesystem::exists(file + ".part"));
    EXPECT_EQ(check_backup(file)->rows, made->rows);

    const auto expected = database_digest(database.url);
    for (const auto engine : kEngines) {
        SCOPED_TRACE(engine == EngineKind::Sqlite ? "to SQLite" : "to PostgreSQL");
        const auto target = own_database(engine, false);
        const auto restored = restore(file, target.url);
        ASSERT_TRUE(restored) << restored.error().message;
        EXPECT_EQ(restored->rows, made->rows);
        EXPECT_EQ(database_digest(target.url), expected);
        // And from there, byte for byte the same file.
        const auto second = folder / "second";
        ASSERT_TRUE(backup(target.url, second));
        EXPECT_EQ(std::filesystem::file_size(second), std::filesystem::file_size(file));
    }
}

TEST_P(BackupTest, HoldsOneMomentWhileWritersRun) {
    constexpr int kWriters = 64;
    TestEnv env(9);
    Db db({.url = database.url, .writers = 8, .readers = 2, .record_clicks = record_clicks}, env);
    RandomRun life(db, env, 9);
    life.run(600);

    std::atomic<bool> stop{false};
    std::atomic<int> written{0};
    std::vector<std::thread> writers;
    for (int w = 0; w < kWriters; ++w) {
        writers.emplace_back([&, w] {
            for (int i = 0; !stop; ++i) {
                TrackSale sale;
                sale.customer.external_id = fmt::format("user {}", w % 16);
                sale.amount = 100;
                sale.invoice_id = fmt::format("{} {}", w, i);
                const auto told = db.write_now<TrackedSale>(
                    w % 2 == 0 ? "ws_a" : "ws_b", [&](Tx& tx) { return track_sale(tx, sale); });
                EXPECT_TRUE(told.has_value());
                ++written;
            }
        });
    }
    const auto wait_for_more = [&](int more) {
        const int from = written;
        EXPECT_TRUE(wait_for([&] { return written >= from + more; }));
    };
    wait_for_more(kWriters);
    const auto made = backup(database.url, file);
    const int at_end = written;
    wait_for_more(kWriters);
    stop = true;
    for (auto& writer : writers) writer.join();
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_GE(written, at_end + kWriters);  // nobody was kept waiting for the backup
    db.stop();

    std::vector<std::map<std::string, std::string>> digests;
    for (const auto engine : kEngines) {
        const auto target = own_database(engine, false);
        const auto restored = restore(file, target.url);
        ASSERT_TRUE(restored) << restored.error().message;
        digests.push_back(database_digest(target.url));
        expect_program(digests.back());
        Db other({.url = target.url, .writers = 1, .readers = 1, .record_clicks = record_clicks},
                 env);
        const auto books = verify_all_books(other);
        ASSERT_TRUE(books);
        EXPECT_EQ(books->differences, 0);
        EXPECT_GT(books->conversions, 0);
    }
    EXPECT_EQ(digests[0], digests[1]);
    EXPECT_NE(digests[0], database_digest(database.url));
}

TEST_P(BackupTest, TheHourOfAClickIsRestored) {
    TestEnv env;
    std::string first;
    {
        Db db({.url = database.url, .writers = 1, .readers = 1, .record_clicks = record_clicks},
              env);
        RandomRun(db, env, 1).run(1);
        Touch touch;
        touch.workspace_id = "ws_a";
        touch.at_ms = env.now_ms();
        touch.touch_id = first = new_click_id(touch.at_ms, env);
        touch.link_id = "link_1";
        touch.visitor = 77;
        std::promise<void> done;
        db.record_click(touch, [&](const Result<RecordedClick>&) { done.set_value(); });
        done.get_future().get();
    }
    ASSERT_TRUE(backup(database.url, file));
    for (const auto engine : kEngines) {
        const auto target = own_database(engine, false);
        ASSERT_TRUE(restore(file, target.url));
        Db db({.url = target.url, .writers = 1, .readers = 1, .record_clicks = record_clicks}, env);
        Touch touch;
        touch.workspace_id = "ws_a";
        touch.at_ms = env.now_ms() + 1'000;
        touch.touch_id = new_click_id(touch.at_ms, env);
        touch.link_id = "link_1";
        touch.visitor = 77;
        std::promise<std::string> answer;
        db.record_click(touch, [&](const Result<RecordedClick>& result) {
            answer.set_value(result->click_id);
        });
        EXPECT_EQ(answer.get_future().get(), first);
    }
}

TEST_P(BackupTest, DamagedFilesAreRefused) {
    fill(database.url, 30);
    ASSERT_TRUE(backup(database.url, file));
    struct Case {
        std::string_view what;
        std::function<void(std::string&)> change;
        std::string_view expected;  // part of the message
    };
    const std::vector<Case> cases{
        {"empty", [](std::string& bytes) { bytes.clear(); }, "does not begin as a backup"},
        {"other", [](std::string& bytes) { bytes = "PGDMP"; }, "does not begin as a backup"},
        {"cut in the last line", [](std::string& bytes) { bytes.pop_back(); }, "end is missing"},
        {"cut in half", [](std::string& bytes) { bytes.resize(bytes.size() / 2); },
         "end is missing"},
        {"one bit", [](std::string& bytes) { bytes[bytes.size() / 2] ^= 1; }, "SHA-256"},
        {"one byte more", [](std::string& bytes) { bytes.insert(bytes.size() / 2, "x"); },
         "SHA-256"},
        {"another sum", [](std::string& bytes) { bytes[bytes.size() - 2] ^= 1; }, "SHA-256"},
        {"another format",
         [](std::string& bytes) {
             const auto rest = bytes.substr(bytes.find('\n'));
             bytes = "headwater-backup 2" + rest;
             const auto body = bytes.substr(0, bytes.size() - 72);
             bytes = body + "sha256 " + sha256_hex(body) + "\n";
         },
         "use a newer headwater"},
    };
    for (const auto& c : cases) {
        const auto target = own_database(GetParam(), false);
        const auto refused = restore(damage(c.change), target.url);
        ASSERT_FALSE(refused) << c.what;
        EXPECT_NE(refused.error().message.find(c.expected), std::string::npos)
            << c.what << ": " << refused.error().message;
        const auto connection = connect_as_owner(target.url);
        connection->begin(kOperator);
        EXPECT_TRUE(list_tables(*connection).empty()) << c.what;
    }
    EXPECT_EQ(restore(folder / "none", database.url).error().code, ErrorCode::NotFound);
}

TEST_P(BackupTest, OtherDatabasesAreLeftAlone) {
    fill(database.url, 30);
    ASSERT_TRUE(backup(database.url, file));
    const auto before = database_digest(database.url);
    const auto refused = restore(file, database.url);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("the database is not empty: table"), std::string::npos);
    EXPECT_EQ(database_digest(database.url), before);

    const auto empty = own_database(GetParam(), false);
    connect_as_owner(empty.url)->run_script("create table invoices (id int)");
    EXPECT_THROW((void)restore(file, empty.url), Fault);
    // Nothing to back up is said, and no file is left.
    const auto fresh = own_database(GetParam(), false);
    connect_as_owner(fresh.url);
    const auto nothing = backup(fresh.url, folder / "no");
    ASSERT_FALSE(nothing);
    EXPECT_FALSE(std::filesystem::exists(folder / "no"));
    EXPECT_THROW((void)backup(database.url, "/no/such/folder/backup"), Fault);
}

TEST_P(BackupTest, IntoADatabaseThatWasPrepared) {
    fill(database.url, 30);
    ASSERT_TRUE(backup(database.url, file));
    const auto target = own_database(GetParam());  // migrated, no rows
    const auto restored = restore(file, target.url);
    ASSERT_TRUE(restored) << restored.error().message;
    EXPECT_EQ(database_digest(target.url), database_digest(database.url));
}

HW_ON_BOTH_ENGINES(BackupTest);

}  // namespace
}  // namespace hw
