// SPDX-License-Identifier: Apache-2.0
#include "base/fx_file.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/money.hpp"

namespace hw {
namespace {

constexpr std::string_view kDailyXml = R"(<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender>
		<gesmes:name>European Central Bank</gesmes:name>
	</gesmes:Sender>
	<!-- a comment with <Cube currency='XXX' rate='1'/> -->
	<Cube>
		<Cube time='2026-01-02'>
			<Cube currency='USD' rate='1.1721'/>
			<Cube currency='JPY' rate='183.90'/>
		</Cube>
	</Cube>
</gesmes:Envelope>
)";

TEST(FxFile, ReadsTheDailyXml) {
    const std::vector<FxRate> expected = {
        {"2026-01-02", "eur", "usd", "1.1721"},
        {"2026-01-02", "eur", "jpy", "183.90"},
    };
    EXPECT_EQ(read_ecb_xml(kDailyXml), expected);
    EXPECT_EQ(read_ecb_file(kDailyXml), expected);
    EXPECT_EQ(read_ecb_file("\xEF\xBB\xBF" + std::string(kDailyXml)), expected);
}

TEST(FxFile, ReadsTheHistoryXml) {
    constexpr std::string_view kText =
        "<?xml version=\"1.0\"?><gesmes:Envelope><Cube>"
        "<Cube time=\"2026-01-05\"><Cube currency=\"USD\" rate=\"1.1700\"/>"
        "<Cube rate=\"N/A\" currency=\"ISK\"/></Cube>"
        "<Cube time=\"2026-01-02\"><Cube rate = \"1.1721\" currency = \"USD\" /></Cube>"
        "</Cube></gesmes:Envelope>";
    const std::vector<FxRate> expected = {
        {"2026-01-05", "eur", "usd", "1.1700"},
        {"2026-01-02", "eur", "usd", "1.1721"},
    };
    EXPECT_EQ(read_ecb_file(kText), expected);
}

TEST(FxFile, ReadsTheHistoryCsv) {
    constexpr std::string_view kText =
        "Date,USD,JPY,CYP,\r\n2026-01-05,1.1700,183.10,N/A,\r\n2026-01-02,1.1721,,N/A,\r\n";
    const std::vector<FxRate> expected = {
        {"2026-01-05", "eur", "usd", "1.1700"},
        {"2026-01-05", "eur", "jpy", "183.10"},
        {"2026-01-02", "eur", "usd", "1.1721"},
    };
    EXPECT_EQ(read_ecb_csv(kText), expected);
    EXPECT_EQ(read_ecb_file(kText), expected);
}

TEST(FxFile, ReadsTheDailyCsv) {
    const std::vector<FxRate> expected = {
        {"2026-01-02", "eur", "usd", "1.1721"},
        {"2026-01-02", "eur", "jpy", "183.90"},
    };
    EXPECT_EQ(read_ecb_file("Date, USD, JPY, \n02 January 2026, 1.1721, 183.90, \n"), expected);
    EXPECT_EQ(read_ecb_file("Date, USD, JPY, \n2 January 2026, 1.1721, 183.90, "), expected);
}

TEST(FxFile, RefusesWithTheLine) {
    struct Row {
        std::string text;
        std::string_view expected_message;
    };
    const auto daily = [](std::string_view from, std::string_view to) {
        std::string text(kDailyXml);
        return text.replace(text.find(from), from.size(), to);
    };
    const Row rows[] = {
        {"", "the file is empty"},
        {"# only a comment\n", "the file is empty"},
        {"USD,JPY\n1,2\n", "line 1: the first line must be 'Date' and currency codes: 'USD'"},
        {"Date\n", "line 1: the first line must be 'Date' and currency codes: 'Date'"},
        {"# x\nDate,usd\n", "line 2: not a currency code: 'usd'"},
        {"Date,USD\n\n2026-02-30,1\n", "line 3: not a date: '2026-02-30'"},
        {"Date,USD\n2 Janvier 2026,1\n", "line 2: not a date: '2 Janvier 2026'"},
        {"Date,USD\n2026-01-02,1.1,2.2\n", "line 2: more cells than the first line has: '2.2'"},
        {"Date,USD\n2026-01-02,1e3\n", "line 2: not a rate: '1e3'"},
        {"Date,USD\n2026-01-02,-1\n", "line 2: not a rate: '-1'"},
        {"Date,USD\n2026-01-02,0\n", "line 2: not a rate: '0'"},
        {"<html><body>503</body></html>",
         "not a whole ECB file: the end tag </gesmes:Envelope> is missing"},
        {daily("</gesmes:Envelope>", ""),
         "not a whole ECB file: the end tag </gesmes:Envelope> is missing"},
        {daily("</gesmes:Envelope>", "<Cube rate='1"),
         "line 14: tag without end: '<Cube rate='1\n'"},
        {daily("2026-01-02", "2026-01-32"), "line 9: not a date: '2026-01-32'"},
        {daily("1.1721", "1,1721"), "line 10: not a rate: '1,1721'"},
        {daily("JPY", "JPYX"), "line 11: not a currency code: 'JPYX'"},
        {daily(" rate='183.90'", ""), "line 11: currency without a rate: 'JPY'"},
        {daily("currency='JPY' ", ""), "line 11: rate without a currency: '183.90'"},
        {daily(" time='2026-01-02'", ""), "line 10: rate before any date: '1.1721'"},
        {daily("time=", "day="), "line 9: unknown attributes: 'day='2026-01-02''"},
    };
    for (const auto& row : rows) {
        const auto rates = read_ecb_file(row.text);
        ASSERT_FALSE(rates.has_value()) << row.text;
        EXPECT_EQ(rates.error().message, row.expected_message);
    }
}

TEST(FxFile, StarterTableCoversTheUsualCurrencies) {
    const auto rates = starter_rates();
    std::set<std::string> dates;
    std::string usd, jpy;
    for (const auto& rate : rates) {
        dates.insert(rate.date);
        EXPECT_TRUE(currency_exponent(rate.quote).has_value()) << rate.quote;
        if (rate.quote == "usd") usd = rate.rate;
        if (rate.quote == "jpy") jpy = rate.rate;
        if (usd.empty() || jpy.empty()) continue;
        const auto cents = convert(1580, "jpy", "usd", cross_rate(jpy, usd));
        ASSERT_TRUE(cents.has_value());
        EXPECT_GE(*cents, 900);
        EXPECT_LE(*cents, 1100);
    }
    EXPECT_EQ(dates.size(), 2U);
    EXPECT_EQ(rates.size(), 2U * 29U);
    EXPECT_FALSE(usd.empty());
}

}  // namespace
}  // namespace hw
