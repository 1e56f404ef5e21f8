// SPDX-License-Identifier: Apache-2.0
#include "api/import_spend.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ImportSpendApiTest : public TrackApiTest {
  protected:
    std::string import(const std::string& csv, const Headers& headers = {}) {
        return outcome(send("POST", "/spend/import", csv, headers));
    }
};
HW_ON_BOTH_ENGINES(ImportSpendApiTest);

TEST_P(ImportSpendApiTest, StoresRowByRow) {
    const std::string csv = "date,source,amount,currency\n2026-09-01,a,1,usd\nx,a,1,usd\n";
    EXPECT_EQ(import(csv),
              R"(200 {"rows":2,"created":1,"replaced":0,"unchanged":0,"failed":1,"errors":)"
              R"([{"row":2,"error":"invalid_value: date: 'x' is no day. Give one such as )"
              R"(2026-01-02."}],"moreErrors":0})");
    EXPECT_EQ(import("date,source,amount,currency\n2026-09-01,A,1.00,USD\n",
                     {{"Content-Type", "text/csv; charset=utf-8"}}),
              R"(200 {"rows":1,"created":0,"replaced":0,"unchanged":1,"failed":0,"errors":[],)"
              R"("moreErrors":0})");
}

TEST_P(ImportSpendApiTest, AddsUpManyTransactions) {
    std::string csv = "date,source,campaign,amount,currency\n";
    const auto rows = static_cast<int>(limits::kImportBatchRows) * 3 + 1;
    for (int i = 0; i < rows; ++i) csv += fmt::format("2026-09-01,a,{},1,usd\n", i);
    for (int i = 0; i < static_cast<int>(limits::kImportErrorsMax) + 2; ++i) csv += "x,a,,1,usd\n";
    const auto body = json_of(send("POST", "/spend/import", csv));
    EXPECT_EQ(body.at("created").as_int64(), rows);
    EXPECT_EQ(body.at("errors").as_array().size(), limits::kImportErrorsMax);
    EXPECT_EQ(body.at("moreErrors").as_int64(), 2);
}

TEST_P(ImportSpendApiTest, RefusesWhatIsNoSuchFile) {
    EXPECT_EQ(import("{}", {{"Content-Type", "application/json"}}),
              "400 Content-Type 'application/json' is none that spend is imported from. Send "
              "text/csv.");
    EXPECT_EQ(import(""), "422 invalid_value: file: It is empty.");
    EXPECT_TRUE(import("date,source,amount,currency\n\"2026").starts_with("400 "));
    api_key = make_api_key("analytics.read");
    EXPECT_EQ(send("POST", "/spend/import", "date\n").status, 403);
}

}  // namespace
}  // namespace hw
