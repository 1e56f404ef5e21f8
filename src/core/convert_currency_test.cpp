// SPDX-License-Identifier: Apache-2.0
#include "core/convert_currency.hpp"

#include "base/civil_time.hpp"
#include "base/fx_file.hpp"
#include "store/fx_rates.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ConvertCurrencyTest : public EngineTest {
  protected:
    // Rates are not of a tenant: each test has a database of its own.
    ConvertCurrencyTest() : own(own_database(GetParam())) { db = open({.url = own.url}); }
    ~ConvertCurrencyTest() override { db.reset(); }

    void import(const std::vector<FxRate>& rates, const std::string& source = "starter") {
        const auto done = db->write_now<bool>(std::string(kOperator), [&](Tx& tx) -> Result<bool> {
            for (const auto& rate : rates) {
                insert_fx_rate(tx, {rate.date, rate.base, rate.quote, rate.rate, source});
            }
            return true;
        });
        HW_ASSERT(done.has_value());
    }
    Converted convert(std::int64_t amount, std::string_view from, std::string_view to,
                      std::string_view time = "2026-06-15T12:00:00Z") {
        return *read([&](Tx& tx) -> Result<Converted> {
            return convert_currency(tx, amount, from, to, *parse_time(time));
        });
    }

    OwnDatabase own;
};

TEST_P(ConvertCurrencyTest, AmountsByTheDemoTable) {
    import(starter_rates());
    struct Row {
        std::int64_t amount;
        std::string_view from;
        std::string_view to;
        std::optional<std::int64_t> expected;
    };
    const Row rows[] = {
        {1000, "eur", "usd", 1165},  // 11.648
        {1000, "usd", "eur", 859},   // 8.5851...
        {0, "eur", "usd", 0},
        {1, "eur", "usd", 1},
        {1580, "jpy", "usd", 1007},   // whole yen: 1580 / 182.75 * 1.1648 = 10.07
        {1, "jpy", "usd", 1},         // 0.637 of a cent
        {1000, "usd", "jpy", 1569},   // 10 dollars in whole yen
        {19240, "idr", "eur", 1},     // rupiah have two decimals: 192.40 of them are a cent
        {1000, "krw", "jpy", 109},    // neither has decimals
        {1000, "isk", "krw", 11527},  // 1000 / 145.60 * 1678.40
        // By the rate that is kept, which has twelve decimals.
        {9'007'199'254'740'991, "usd", "eur", 7'732'829'030'508'171},
        {9'007'199'254'740'991, "usd", "idr", std::nullopt},  // would not fit
        {1000, "kwd", "usd", std::nullopt},                   // three decimals, and no rate
        {1000, "usd", "kwd", std::nullopt},
        {1000, "quatloos", "usd", std::nullopt},
        {1000, "", "usd", std::nullopt},
        {1000, "EUR", "usd", std::nullopt},  // codes are lower case here
    };
    for (const auto& row : rows) {
        const auto converted = convert(row.amount, row.from, row.to);
        EXPECT_EQ(converted.amount, row.expected) << row.amount << row.from << row.to;
        EXPECT_EQ(converted.rate.has_value(), row.expected.has_value());
        EXPECT_EQ(converted.rate_date.has_value(), row.expected.has_value());
        if (row.expected) {
            EXPECT_EQ(converted.source, "starter");
        }
    }
}

TEST_P(ConvertCurrencyTest, ThreeDecimals) {
    import({{"2026-06-01", "eur", "usd", "1.25"}, {"2026-06-01", "eur", "kwd", "0.5"}}, "ecb");
    EXPECT_EQ(convert(1000, "kwd", "eur").amount, 200);  // one dinar is two euros
    EXPECT_EQ(convert(200, "eur", "kwd").amount, 1000);
    EXPECT_EQ(convert(1234, "kwd", "usd").amount, 309);  // 1.234 * 2.5 = 3.085
    EXPECT_EQ(convert(1234, "kwd", "usd").source, "ecb");
}

TEST_P(ConvertCurrencyTest, TheSameCurrencyNeedsNoRate) {
    for (const auto* code : {"usd", "jpy", "quatloos"}) {
        const auto converted = convert(1999, code, code);
        EXPECT_EQ(converted.amount, 1999);
        EXPECT_FALSE(converted.rate || converted.rate_date || converted.source);
    }
}

TEST_P(ConvertCurrencyTest, TheRateOfTheDateElseTheLastBefore) {
    import({{"2026-01-02", "eur", "usd", "1.1"},
            {"2026-01-05", "eur", "usd", "1.2"},
            {"2026-01-02", "eur", "gbp", "0.8"}});
    struct Row {
        std::string_view from;
        std::string_view at;
        std::optional<std::string> expected_date;
        std::optional<std::string> expected_rate;
    };
    const Row rows[] = {
        {"eur", "2026-01-01T23:59:59.999Z", std::nullopt, std::nullopt},
        {"eur", "2026-01-02T00:00:00Z", "2026-01-02", "1.1"},
        {"eur", "2026-01-04T12:00:00Z", "2026-01-02", "1.1"},
        {"eur", "2026-01-04T23:59:59.999Z", "2026-01-02", "1.1"},
        {"eur", "2026-01-05T00:00:00Z", "2026-01-05", "1.2"},
        {"eur", "2031-01-01T00:00:00Z", "2026-01-05", "1.2"},
        // A cross rate is as old as its older half.
        {"gbp", "2026-01-06T00:00:00Z", "2026-01-02", "1.5"},
        {"gbp", "2026-01-03T00:00:00Z", "2026-01-02", "1.375"},
    };
    for (const auto& row : rows) {
        const auto converted = convert(1000, row.from, "usd", row.at);
        EXPECT_EQ(converted.rate_date, row.expected_date) << row.from << row.at;
        EXPECT_EQ(converted.rate, row.expected_rate) << row.from << row.at;
    }
}

TEST_P(ConvertCurrencyTest, TheFirstSourceOfADayStands) {
    import({{"2026-01-02", "eur", "usd", "1.1"}}, "starter");
    import({{"2026-01-02", "eur", "usd", "9.9"}}, "ecb");
    EXPECT_EQ(convert(1000, "eur", "usd").amount, 1100);
    EXPECT_EQ(convert(1000, "eur", "usd").source, "starter");
}

TEST_P(ConvertCurrencyTest, HalfAMinorUnitIsRoundedUp) {
    import({{"2026-01-02", "eur", "usd", "0.5"}});
    struct Row {
        std::int64_t amount;
        std::int64_t expected;
    };
    for (const auto& row : {Row{1, 1}, Row{2, 1}, Row{3, 2}, Row{5, 3}, Row{-1, -1}}) {
        EXPECT_EQ(convert(row.amount, "eur", "usd").amount, row.expected) << row.amount;
    }
}

HW_ON_BOTH_ENGINES(ConvertCurrencyTest);

}  // namespace
}  // namespace hw
