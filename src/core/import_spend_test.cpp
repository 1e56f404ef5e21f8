// SPDX-License-Identifier: Apache-2.0
#include "core/import_spend.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "store/audit_log.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

constexpr auto kHeader = "date,source,campaign,amount,currency\n";

std::string row_text(const SpendRow& row) {
    if (!row.spend) return row.spend.error().message;
    const auto& spend = *row.spend;
    return spend.day + " " + spend.source + " " + spend.campaign + " " +
           std::to_string(spend.amount) + " " + spend.currency;
}

TEST(SpendFile, RowsAreReadOrRefusedOneByOne) {
    const struct {
        std::string row;
        std::string expected;
    } rows[] = {
        {"2026-09-01,Google,Spring Sale,12.50,EUR", "2026-09-01 google spring sale 1250 eur"},
        {"2026-09-01, google ,,12,usd", "2026-09-01 google  1200 usd"},
        {"2026-09-01,google,x,1580,JPY", "2026-09-01 google x 1580 jpy"},
        {"2026-09-01,google,x,0,usd", "2026-09-01 google x 0 usd"},
        {"2026-09-31,google,x,1,usd",
         "invalid_value: date: '2026-09-31' is no day. Give one such as 2026-01-02."},
        {"01.09.2026,google,x,1,usd",
         "invalid_value: date: '01.09.2026' is no day. Give one such as 2026-01-02."},
        {"2026-09-01,,x,1,usd", "invalid_value: source: It is empty. Name the source."},
        {"2026-09-01,google,x,-1,usd",
         "invalid_value: amount: '-1' is no amount of usd. Give a decimal number such as 12.50, "
         "not below 0, with no more decimals than the currency has."},
        {"2026-09-01,google,x,0.001,usd",
         "invalid_value: amount: '0.001' is no amount of usd. Give a decimal number such as 12.50, "
         "not below 0, with no more decimals than the currency has."},
        {"2026-09-01,google,x,many,usd",
         "invalid_value: amount: 'many' is no amount of usd. Give a decimal number such as 12.50, "
         "not below 0, with no more decimals than the currency has."},
        {"2026-09-01,google,x,1,xyz",
         "invalid_value: currency: 'xyz' is no currency. Give an ISO 4217 code such as EUR."},
        {"2026-09-01,google",
         "invalid_value: currency: '' is no currency. Give an ISO 4217 code such as EUR."},
        {"2026-09-01," + std::string(limits::kSpendTextCharactersMax + 1, 'g') + ",x,1,usd",
         "invalid_value: source: It has 191 bytes; at most 190 are kept."},
        {"2026-09-01,goo\xff,x,1,usd",
         "invalid_value: source: It is no valid UTF-8 text. Save the file as UTF-8."},
    };
    for (const auto& row : rows) {
        const auto read = read_spend_file(kHeader + row.row + "\n");
        ASSERT_TRUE(read.has_value() && read->size() == 1) << row.row;
        EXPECT_EQ(row_text(read->front()), row.expected);
    }
}

TEST(SpendFile, DamagedFilesAreRefusedAsAWhole) {
    std::string long_file = kHeader;
    for (std::size_t i = 0; i <= limits::kSpendRowsMax; ++i) long_file += "2026-09-01,a,b,1,usd\n";
    const struct {
        std::string text;
        std::string expected;
    } rows[] = {
        {"", "invalid_value: file: It is empty."},
        {kHeader, "invalid_value: file: It has no rows behind the names of columns."},
        {"date,source,amount\n1,2,3\n",
         "invalid_value: header: No column is called 'currency'. The first row names the columns: "
         "date,source,campaign,amount,currency."},
        {"date,source,amount,currency,clicks\n",
         "invalid_value: header: 'clicks' is no column of spend. The columns are date, source, "
         "campaign, amount and currency."},
        {"date,date\n", "invalid_value: header: 'date' is there twice."},
        {long_file, "too_big: file: It has more than 20000 rows. Split it."},
    };
    for (const auto& row : rows) {
        const auto read = read_spend_file(row.text);
        ASSERT_FALSE(read.has_value());
        EXPECT_EQ(read.error().message, row.expected);
    }
    long_file.resize(long_file.size() - std::string("2026-09-01,a,b,1,usd\n").size());
    EXPECT_TRUE(read_spend_file(long_file).has_value());
}

TEST(SpendFile, ColumnsComeInAnyOrder) {
    const auto read = read_spend_file(
        "\xef\xbb\xbf"
        "Currency,Amount,Source,Date\nusd,1,a,2026-09-01\n");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(row_text(read->front()), "2026-09-01 a  100 usd");
}

class ImportSpendTest : public EngineTest {
  protected:
    std::string import(const std::string& csv) {
        const auto rows = read_spend_file(kHeader + csv);
        HW_ASSERT(rows.has_value());
        const auto done = write([&](Tx& tx) { return import_spend(tx, *rows, "key_1"); });
        env.advance_ms(1);
        return std::to_string(done->created) + " " + std::to_string(done->replaced) + " " +
               std::to_string(done->unchanged) + " " + std::to_string(done->failed);
    }
    std::vector<Spend> stored() {
        return *read([&](Tx& tx) -> Result<std::vector<Spend>> {
            return list_spend(tx, "2026-09-02",
                              {.day = "2026-09-01", .source = {}, .campaign = {}, .currency = {}},
                              100);
        });
    }
};
HW_ON_BOTH_ENGINES(ImportSpendTest);

TEST_P(ImportSpendTest, TheLastImportWinsAndTheAuditKeepsWhatItReplaced) {
    EXPECT_EQ(import("2026-09-01,google,spring,10,usd\n2026-09-02,google,spring,11,usd\n"
                     "2026-09-03,google,spring,12,usd\n2026-08-31,google,spring,9,usd\n"
                     "2026-09-01,google,,1,usd\n"),
              "5 0 0 0");
    EXPECT_EQ(import("2026-09-01,Google,Spring,10.00,USD\n2026-09-02,google,spring,12,eur\n"
                     "2026-09-02,google,spring,13,eur\nnever,x,x,1,usd\n"),
              "0 2 1 1");
    const std::vector<Spend> expected{{"2026-09-01", "google", "", 100, "usd"},
                                      {"2026-09-01", "google", "spring", 1000, "usd"},
                                      {"2026-09-02", "google", "spring", 1300, "eur"}};
    EXPECT_EQ(stored(), expected);
    const auto audit = *read(
        [&](Tx& tx) -> Result<std::vector<AuditEntry>> { return list_audit_entries(tx, "", 100); });
    std::vector<std::string> replaced;
    for (const auto& entry : audit) {
        EXPECT_EQ(entry.actor, "key_1");
        if (entry.action == "spend.replaced") {
            replaced.push_back(entry.subject_id + ": " + entry.detail);
        }
    }
    std::ranges::sort(replaced);
    EXPECT_EQ(replaced,
              (std::vector<std::string>{"2026-09-02/google/spring: 11.00 usd -> 12.00 eur",
                                        "2026-09-02/google/spring: 12.00 eur -> 13.00 eur"}));
    EXPECT_EQ(audit.size(), 4U);
}

TEST_P(ImportSpendTest, ReadsOnBehindTheLastRow) {
    import("2026-09-01,a,,1,usd\n2026-09-01,a,x,2,usd\n2026-09-01,b,,3,usd\n2026-09-02,a,,4,usd\n");
    const auto all = stored();
    ASSERT_EQ(all.size(), 4U);
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        const auto next = *read([&](Tx& tx) -> Result<std::vector<Spend>> {
            return list_spend(tx, "2026-09-02", all[i], 1);
        });
        EXPECT_EQ(next, std::vector<Spend>{all[i + 1]});
    }
}

}  // namespace
}  // namespace hw
