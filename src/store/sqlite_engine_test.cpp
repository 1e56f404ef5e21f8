// SPDX-License-Identifier: Apache-2.0
// SQLite on a disk that fails: full, or with an fsync that comes back late or not well.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/fault.hpp"
#include "base/id.hpp"
#include "store/conversions.hpp"
#include "store/db.hpp"
#include "store/migrate.hpp"
#include "store/sqlite.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/temp_dir.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

// A file system whose writes and syncs fail when a test says so. Wraps the files of the real one.
struct BadDisk {
    static inline std::atomic<int> write_code{SQLITE_OK};
    static inline std::atomic<std::int64_t> full_from{0};  // bytes before that have their room
    static inline std::atomic<int> sync_code{SQLITE_OK};
    static inline std::atomic<bool> only_database{false};  // and not its write-ahead log
    static inline std::atomic<bool> log_hangs{false};      // a sync of the log does not come back
    static inline std::atomic<int> hanging{0};

    struct File {
        sqlite3_file base;
        bool is_database;
        sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
    static sqlite3_file* real(sqlite3_file* file) { return of(file)->real(); }
    static bool spared(sqlite3_file* file) { return only_database && !of(file)->is_database; }

    static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
        if (write_code != SQLITE_OK && at >= full_from && !spared(file)) return write_code;
        return real(file)->pMethods->xWrite(real(file), bytes, size, at);
    }
    static int sync(sqlite3_file* file, int flags) {
        if (log_hangs && !of(file)->is_database) {
            ++hanging;
            log_hangs.wait(true);
        }
        if (sync_code != SQLITE_OK && !spared(file)) return sync_code;
        return real(file)->pMethods->xSync(real(file), flags);
    }
    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out);
    static const sqlite3_io_methods* methods();
    static void add();
};

template <auto Method>
struct Forward;
template <class R, class... Args, R (*sqlite3_io_methods::*Method)(sqlite3_file*, Args...)>
struct Forward<Method> {
    static R call(sqlite3_file* file, Args... args) {
        auto* real = BadDisk::real(file);
        return (real->pMethods->*Method)(real, args...);
    }
};

const sqlite3_io_methods* BadDisk::methods() {
    using M = sqlite3_io_methods;
    static const M made{.iVersion = 2,
                        .xClose = Forward<&M::xClose>::call,
                        .xRead = Forward<&M::xRead>::call,
                        .xWrite = write,
                        .xTruncate = Forward<&M::xTruncate>::call,
                        .xSync = sync,
                        .xFileSize = Forward<&M::xFileSize>::call,
                        .xLock = Forward<&M::xLock>::call,
                        .xUnlock = Forward<&M::xUnlock>::call,
                        .xCheckReservedLock = Forward<&M::xCheckReservedLock>::call,
                        .xFileControl = Forward<&M::xFileControl>::call,
                        .xSectorSize = Forward<&M::xSectorSize>::call,
                        .xDeviceCharacteristics = Forward<&M::xDeviceCharacteristics>::call,
                        .xShmMap = Forward<&M::xShmMap>::call,
                        .xShmLock = Forward<&M::xShmLock>::call,
                        .xShmBarrier = Forward<&M::xShmBarrier>::call,
                        .xShmUnmap = Forward<&M::xShmUnmap>::call,
                        .xFetch = nullptr,
                        .xUnfetch = nullptr};
    return &made;
}

int BadDisk::open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* disk = sqlite3_vfs_find(nullptr);
    file->pMethods = nullptr;
    of(file)->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const int code = disk->xOpen(disk, name, real(file), flags, out);
    if (code == SQLITE_OK) file->pMethods = methods();
    return code;
}

void BadDisk::add() {
    static sqlite3_vfs vfs = [] {
        auto copy = *sqlite3_vfs_find(nullptr);
        copy.zName = "bad_disk";
        copy.szOsFile += static_cast<int>(sizeof(File));
        copy.pNext = nullptr;
        copy.xOpen = open;
        return copy;
    }();
    write_code = sync_code = SQLITE_OK;
    full_from = 0;
    hanging = 0;
    only_database = false;
    sqlite3_vfs_register(&vfs, 0);
}

// While it is there no sync of the log comes back.
struct HangingLog {
    HangingLog() { BadDisk::log_hangs = true; }
    ~HangingLog() { release(); }
    static void release() {
        BadDisk::log_hangs = false;
        BadDisk::log_hangs.notify_all();
    }
};

std::vector<RecordedClick> record_all(Tx& tx, std::span<const Touch* const> touches) {
    insert_touches(tx, touches, Counted::Yes);
    std::vector<RecordedClick> recorded;
    for (const auto* touch : touches) recorded.push_back({touch->touch_id});
    return recorded;
}

constexpr std::uintmax_t kLogBytes = 75'497'472;  // with DbOptions::for_load

using Done = Result<bool>;

class SqliteEngineTest : public ::testing::Test {
  protected:
    SqliteEngineTest() {
        BadDisk::add();
        url = fmt::format("sqlite:file:{}?vfs=bad_disk", folder / "test.db");
        migrate(url);
        db = open_db();
    }
    std::unique_ptr<Db> open_db(bool for_load = false) {
        return std::make_unique<Db>(
            DbOptions{.url = url,
                      .readers = 1,
                      .record_clicks = record_all,
                      .for_load = for_load,
                      .on_broken = [this](const std::string&) { ++broken; }},
            env);
    }
    // Of nothing that was there before: the last one that closes the file ends its log.
    void reopen_for_load() {
        db.reset();
        db = open_db(true);
    }
    Done mark(const std::string& name, std::size_t bytes = 1) {
        return db->write_now<bool>("ws", [&](Tx& tx) -> Done {
            return !claim_payment_alias(tx, "ws", name, std::string(bytes, 'x'));
        });
    }
    bool is_marked(const std::string& name) {
        return *db->read_now<bool>(
            "ws", [&](Tx& tx) -> Done { return find_payment_alias(tx, "ws", name).has_value(); });
    }
    std::uintmax_t log_bytes() { return std::filesystem::file_size(folder / "test.db-wal"); }

    TempDir folder;
    TestEnv env;
    std::string url;
    std::atomic<int> broken{0};
    std::unique_ptr<Db> db;
};

TEST_F(SqliteEngineTest, FullDiskRefusesAndHealsByItself) {
    ASSERT_TRUE(mark("before"));
    BadDisk::write_code = SQLITE_FULL;
    const auto refused = mark("no room");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
    EXPECT_EQ(refused.error().reason, "disk_full");
    EXPECT_FALSE(db->healthy());
    EXPECT_TRUE(is_marked("before"));  // reads go on
    EXPECT_FALSE(is_marked("no room"));
    BadDisk::write_code = SQLITE_OK;
    // Nobody writes meanwhile: a load balancer that asks healthy() keeps everybody away.
    EXPECT_TRUE(wait_for([&] { return db->healthy(); }));
    EXPECT_TRUE(mark("no room"));
    EXPECT_EQ(broken, 0);
}

TEST_F(SqliteEngineTest, FailedSyncEndsAllAcknowledgement) {
    ASSERT_TRUE(mark("before"));
    BadDisk::sync_code = SQLITE_IOERR_FSYNC;
    const auto refused = mark("during");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "disk_failed");
    EXPECT_EQ(broken, 1);
    // The next sync would report success for pages that the kernel has dropped.
    BadDisk::sync_code = SQLITE_OK;
    const auto after = mark("after");
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().reason, "disk_failed");
    EXPECT_FALSE(db->healthy());
    EXPECT_EQ(broken, 1);
    EXPECT_TRUE(is_marked("before"));
    EXPECT_FALSE(is_marked("after"));
    db = open_db();
    EXPECT_TRUE(is_marked("before"));
    EXPECT_FALSE(is_marked("after"));
}

TEST_F(SqliteEngineTest, FailedWriteIsBrokenToo) {
    BadDisk::write_code = SQLITE_IOERR_WRITE;
    const auto refused = mark("during");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "disk_failed");
    EXPECT_EQ(broken, 1);
}

TEST_F(SqliteEngineTest, FailedSyncOfACheckpointIsFoundByItself) {
    ASSERT_TRUE(mark("before"));
    BadDisk::only_database = true;
    BadDisk::sync_code = SQLITE_IOERR_FSYNC;
    // A commit touches the log alone; this one makes it long enough to be copied back. The sync of
    // the file comes when all of the log has been, so nothing else is committed meanwhile.
    ASSERT_TRUE(mark("long", 20'000'000));
    EXPECT_TRUE(wait_for([&] { return broken == 1; }));
    EXPECT_FALSE(mark("after"));
    EXPECT_TRUE(is_marked("before"));
}

TEST_F(SqliteEngineTest, FullDiskDuringACheckpointOnlyKeepsTheLog) {
    BadDisk::only_database = true;
    BadDisk::write_code = SQLITE_FULL;
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(mark(fmt::format("long {}", i), 1'000'000));
    EXPECT_TRUE(wait_for([&] { return db->stats().faults > 0; }));
    EXPECT_TRUE(mark("after"));
    EXPECT_EQ(broken, 0);
    BadDisk::write_code = SQLITE_OK;
    const auto checkpoints = db->stats().checkpoints.load();
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(mark(fmt::format("more {}", i), 1'000'000));
    EXPECT_TRUE(wait_for([&] { return db->stats().checkpoints > checkpoints; }));
}

TEST_F(SqliteEngineTest, LogStartsOverUnderSteadyWrites) {
    // Copied back as it grows, it starts over instead of growing without end: four times 256 MB
    // of commits leave much less than that.
    std::uintmax_t longest = 0;
    for (int i = 0; i < 500; ++i) {
        ASSERT_TRUE(mark("same", 1));
        ASSERT_TRUE(db->write_now<bool>("ws", [&](Tx& tx) -> Done {
            delete_payment_alias(tx, "ws", "same");
            return !claim_payment_alias(tx, "ws", fmt::format("{}", i % 3),
                                        std::string(1'000'000, 'x'));
        }));
        ASSERT_TRUE(db->write_now<bool>("ws", [&](Tx& tx) -> Done {
            delete_payment_alias(tx, "ws", fmt::format("{}", i % 3));
            return true;
        }));
        longest = std::max(longest, log_bytes());
    }
    EXPECT_GT(db->stats().checkpoints, 0);
    EXPECT_LT(longest, 400'000'000U);
}

TEST_F(SqliteEngineTest, LongReaderDoesNotStopTheWriter) {
    const auto reader =
        connect_sqlite(fmt::format("file:{}?vfs=bad_disk", folder / "test.db"), Access::ReadOnly);
    ASSERT_TRUE(mark("before"));
    reader->begin(kOperator);
    int rows = 0;
    reader->stream("select alias from payment_aliases", [&](const Row&) { ++rows; });
    EXPECT_EQ(rows, 1);
    // More than 256 MB while an old snapshot is held, as a backup does: the log grows, commits go
    // on, and it starts over when the reader has gone.
    for (int i = 0; i < 330; ++i) ASSERT_TRUE(mark(fmt::format("{}", i), 1'000'000));
    EXPECT_GT(log_bytes(), 256'000'000U);
    rows = 0;
    reader->stream("select alias from payment_aliases", [&](const Row&) { ++rows; });
    EXPECT_EQ(rows, 1);
    reader->rollback();
    EXPECT_TRUE(wait_for([&] {
        EXPECT_TRUE(mark("m" + new_id("", 0, env), 1'000'000));
        return log_bytes() <= 268'435'456U;
    }));
}

TEST_F(SqliteEngineTest, ForLoadTheLogHasItsLengthFromTheStart) {
    EXPECT_LT(log_bytes(), 1'000'000U);
    reopen_for_load();
    EXPECT_EQ(log_bytes(), kLogBytes);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(mark(fmt::format("{}", i), 100'000));
    EXPECT_EQ(log_bytes(), kLogBytes);
    // As power that fails leaves it: zeros behind the last frame are no frames.
    const TempDir other;
    for (const auto* name : {"test.db", "test.db-wal"}) {
        std::filesystem::copy_file(folder / name, other / name);
    }
    url = fmt::format("sqlite:file:{}?vfs=bad_disk", other / "test.db");
    reopen_for_load();
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(is_marked(fmt::format("{}", i))) << i;
    EXPECT_TRUE(mark("after"));
    reopen_for_load();
    EXPECT_TRUE(is_marked("after"));
    EXPECT_EQ(broken, 0);
}

TEST_F(SqliteEngineTest, FullDiskWhileTheLogIsLengthenedKeepsWhatThereIs) {
    BadDisk::write_code = SQLITE_FULL;
    reopen_for_load();
    EXPECT_EQ(log_bytes(), 0U);
    EXPECT_FALSE(mark("no room"));
    BadDisk::full_from = 10'485'760;
    reopen_for_load();
    EXPECT_EQ(log_bytes(), 10'485'760U);
    EXPECT_TRUE(mark("room in the log"));
    BadDisk::write_code = SQLITE_OK;
    reopen_for_load();
    EXPECT_EQ(log_bytes(), kLogBytes);
    EXPECT_TRUE(is_marked("room in the log"));
    EXPECT_FALSE(is_marked("no room"));
    EXPECT_EQ(broken, 0);
}

TEST_F(SqliteEngineTest, AnswersWaitForTheSyncOfTheLogAndTheNextCommitDoesNot) {
    Touch touch;
    touch.workspace_id = "ws";
    touch.at_ms = env.now_ms();
    touch.touch_id = new_click_id(touch.at_ms, env);
    touch.link_id = "link_1";
    touch.visitor = 1;
    std::atomic<int> answers{0};
    ASSERT_TRUE(mark("before"));  // the first commit of a log syncs its head by itself
    const auto commits = db->stats().commits.load();
    const HangingLog hanging;
    db->record_click(touch,
                     [&](const Result<RecordedClick>& click) { answers += click.has_value(); });
    ASSERT_TRUE(wait_for([] { return BadDisk::hanging == 1; }));
    db->write<bool>(
        "ws", [](Tx&) -> Done { return true; },
        [&](const Done& done) { answers += done.has_value(); });
    EXPECT_TRUE(wait_for([&] { return db->stats().commits == commits + 2; }));
    EXPECT_EQ(answers, 0);
    EXPECT_EQ(db->recent_click(touch, env.now_ms()), std::nullopt);
    HangingLog::release();
    EXPECT_TRUE(wait_for([&] { return answers == 2; }));
    EXPECT_EQ(db->recent_click(touch, env.now_ms()), touch.touch_id);
}

TEST_F(SqliteEngineTest, AnotherProcessThatWritesIsWaitedFor) {
    const auto other =
        connect_sqlite(fmt::format("file:{}?vfs=bad_disk", folder / "test.db"), Access::ReadWrite);
    other->begin(kOperator);
    std::atomic<bool> done{false};
    db->write<bool>(
        "ws", [](Tx&) -> Done { return true; }, [&](const Done& result) { done = result.value(); });
    EXPECT_FALSE(done);
    other->commit();
    EXPECT_TRUE(wait_for([&] { return done.load(); }));
}

}  // namespace
}  // namespace hw
