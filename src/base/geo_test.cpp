// SPDX-License-Identifier: Apache-2.0
#include "base/geo.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/mmdb_fixture.hpp"

namespace hw {
namespace {

using namespace hw::testing;

class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& bytes)
        : path_(::testing::TempDir() + "geo_test_" + std::to_string(::getpid()) + ".mmdb") {
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { std::filesystem::remove(path_); }

    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

TEST(GeoDatabase, FindsWhereAnAddressIs) {
    const TemporaryFile file(mmdb_bytes({
        {"81.2.69.0", 24, mmdb_city("EU", "GB", "ENG", "London")},
        {"216.160.83.56", 29, mmdb_city("NA", "US", "WA", "Milton")},
        {"2001:218::", 32, mmdb_city("AS", "JP", "", "")},
        {"2.125.160.216", 29, mmdb_city("EU", "GB", "", "B\xFCston")},
        {"89.160.20.112", 28, mmdb_city("EU", "", "E", "")},
        {"67.43.156.0", 24, mmdb_number(6, 7)},
    }));
    const auto database = GeoDatabase::open(file.path());
    ASSERT_TRUE(database.has_value()) << database.error().message;
    struct Row {
        std::string_view ip;
        Geo expected;
    };
    const Row rows[] = {
        {"81.2.69.142", {"EU", "GB", "GB-ENG", "London"}},
        {"::ffff:81.2.69.142", {"EU", "GB", "GB-ENG", "London"}},
        {"216.160.83.56", {"NA", "US", "US-WA", "Milton"}},
        {"216.160.83.64", {}},
        {"2001:218::1", {"AS", "JP", "Unknown", "Unknown"}},
        {"2001:219::1", {}},
        {"2.125.160.217", {"EU", "GB", "Unknown", "B\xEF\xBF\xBDston"}},
        {"89.160.20.113", {"EU", "Unknown", "Unknown", "Unknown"}},
        {"67.43.156.1", {}},
        {"127.0.0.1", {}},
        {"not an address", {}},
        {"", {}},
    };
    for (const auto& row : rows) EXPECT_EQ(database->lookup(row.ip), row.expected) << row.ip;
}

TEST(GeoDatabase, SaysWhyAFileCannotBeOpened) {
    const auto missing = GeoDatabase::open("/nowhere/geo.mmdb");
    ASSERT_FALSE(missing.has_value());
    EXPECT_TRUE(
        missing.error().message.starts_with("cannot open the geo database '/nowhere/geo.mmdb': "));
    const TemporaryFile other("this is no database");
    EXPECT_FALSE(GeoDatabase::open(other.path()).has_value());
    const auto whole = mmdb_bytes({{"1.2.3.4", 32, mmdb_city("EU", "GB", "", "")}});
    const TemporaryFile cut(whole.substr(0, whole.size() / 2));
    EXPECT_FALSE(GeoDatabase::open(cut.path()).has_value());
}

TEST(GeoDatabase, CanBeMoved) {
    const TemporaryFile file(mmdb_bytes({{"1.2.3.4", 32, mmdb_city("EU", "GB", "", "")}}));
    auto first = GeoDatabase::open(file.path());
    ASSERT_TRUE(first.has_value());
    const GeoDatabase second = std::move(*first);
    EXPECT_EQ(second.lookup("1.2.3.4").country, "GB");
}

}  // namespace
}  // namespace hw
