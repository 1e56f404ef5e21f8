// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "api/routes.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class ImportLinksApiTest : public ApiTest {
  protected:
    Response import(std::string_view body, const std::string& type = "text/csv",
                    const std::string& query = {}) {
        return send("POST", "/links/import" + query, body, {{"Content-Type", type}});
    }
    // "rows/created/skipped/failed", then each error.
    static std::string outcome(const Response& answer) {
        if (answer.status != 200) return message_of(answer);
        const auto report = json_of(answer).as_object();
        const auto number = [&](const char* name) { return report.at(name).as_int64(); };
        auto text = fmt::format("{}/{}/{}/{}", number("rows"), number("created"), number("skipped"),
                                number("failed"));
        for (const auto& error : report.at("errors").as_array()) {
            text += fmt::format("\n{} {}: {}", error.at("row").as_int64(),
                                error.at("key").as_string().c_str(),
                                error.at("error").as_string().c_str());
        }
        return text;
    }
    boost::json::object link(const std::string& key) {
        return json_of(send("GET", "/links/info?domain=" + domain + "&key=" + key)).as_object();
    }
};

TEST_P(ImportLinksApiTest, AnExportOfAnother) {
    const auto csv = fmt::format(
        "\xEF\xBB\xBFShort link,Destination URL,Tags,Folder,Created at,utm_source,Clicks\r\n"
        "https://{0}/Summer,https://a.example/x,\"red, "
        "blue\",Sales,2026-01-02T03:04:05.000Z,n,7\r\n"
        "https://{0}/bad,javascript:x,,,,,\r\n"
        "https://foreign.example/k,https://a.example,,,,,\r\n"
        ",https://b.example,,,,,0\r\n",
        domain);
    const auto first = import(csv);
    EXPECT_EQ(outcome(first),
              "4/2/0/2\n2 bad: Invalid destination URL\n"
              "3 k: Domain does not belong to workspace.");
    EXPECT_EQ(json_of(first).at("moreErrors").as_int64(), 0);
    EXPECT_EQ(boost::json::serialize(json_of(first).at("remarks")),
              "[\"The column 'Clicks' is not imported: counts begin with the first click here.\"]");
    const auto made = link("summer");
    EXPECT_EQ(made.at("key").as_string(), "Summer");
    EXPECT_EQ(made.at("url").as_string(), "https://a.example/x?utm_source=n");
    EXPECT_EQ(made.at("createdAt").as_string(), "2026-01-02T03:04:05.000Z");
    EXPECT_EQ(made.at("tags").as_array().size(), 2U);
    EXPECT_TRUE(made.at("folderId").is_string());
    EXPECT_EQ(outcome(import(csv)),
              "4/0/2/2\n2 bad: Invalid destination URL\n"
              "3 k: Domain does not belong to workspace.");
}

TEST_P(ImportLinksApiTest, OtherFormatsAndOneDomainForAll) {
    EXPECT_EQ(outcome(import(R"([{"url":"https://a.example","key":"a"}])", "application/json")),
              "1/1/0/0");
    EXPECT_EQ(
        outcome(import("{\"url\":\"https://a.example\",\"key\":\"b\"}\n", "application/x-ndjson")),
        "1/1/0/0");
    // Bodies of the API need not say what they are.
    EXPECT_EQ(
        outcome(send("POST", "/api/links/import", R"([{"url":"https://a.example","key":"c"}])")),
        "1/1/0/0");
    EXPECT_EQ(outcome(import("bitlink,long_url\nbit.ly/d,https://a.example", "text/csv",
                             "?domain=" + domain)),
              "1/1/0/0");
    EXPECT_EQ(link("d").at("url").as_string(), "https://a.example");
}

TEST_P(ImportLinksApiTest, ManyRowsInManyTransactions) {
    constexpr int kRows = 1'203;
    std::string csv = "key,url\n";
    for (int i = 0; i < kRows; ++i) csv += fmt::format("k{},https://a.example/{}\n", i, i);
    const auto before = db->stats().use_cases.load();
    EXPECT_EQ(outcome(import(csv)), "1203/1203/0/0");
    EXPECT_GE(db->stats().use_cases.load() - before, 3);
    EXPECT_EQ(outcome(import(csv)), "1203/0/1203/0");
    // The keys lead elsewhere now, and only the first thousand refusals are told.
    std::string moved = "key,url\n";
    for (int i = 0; i < kRows; ++i) moved += fmt::format("k{},https://b.example/{}\n", i, i);
    const auto report = json_of(import(moved)).as_object();
    EXPECT_EQ(report.at("failed").as_int64(), kRows);
    EXPECT_EQ(report.at("errors").as_array().size(), 1'000U);
    EXPECT_EQ(report.at("moreErrors").as_int64(), kRows - 1'000);
    EXPECT_EQ(report.at("errors").as_array().back().at("row").as_int64(), 1'000);
}

TEST_P(ImportLinksApiTest, Refusals) {
    const struct {
        std::string type;
        std::string body;
        int status;
        std::string message;
    } rows[] = {
        {"text/plain", "x", 400,
         "Content-Type 'text/plain' is none that links are imported from. Send text/csv, "
         "application/json or application/x-ndjson."},
        {"text/csv", "", 422, "too_small: : There is no link to import."},
        {"text/csv", "a,b\n1,2", 422,
         "invalid_value: url: No column is called 'url', 'Destination URL' or 'long_url'. The "
         "first "
         "row must name the columns; it says: a, b"},
        {"text/csv", "url\n\"a", 400,
         "Invalid CSV in line 2: the quote that opens a cell here is never closed"},
        {"application/json", "{}", 422,
         "invalid_type: : Invalid input: expected array, received object"},
    };
    for (const auto& row : rows) {
        const auto answer = import(row.body, row.type);
        EXPECT_EQ(answer.status, row.status) << row.body;
        EXPECT_EQ(outcome(answer), row.message);
    }
    api_key = make_api_key("links.read");
    EXPECT_EQ(import("url\na").status, 403);
}

HW_ON_BOTH_ENGINES(ImportLinksApiTest);

TEST(ImportRoute, TakesALargeBody) {
    EXPECT_EQ(body_bytes_max("POST", "/links/import"), limits::kImportBodyBytesMax);
    EXPECT_EQ(body_bytes_max("POST", "/api/links/import"), limits::kImportBodyBytesMax);
    EXPECT_EQ(body_bytes_max("PUT", "/links/import"), limits::kBodyBytesMax);
    EXPECT_EQ(body_bytes_max("POST", "/links"), limits::kBodyBytesMax);
    EXPECT_EQ(body_bytes_max("POST", "/nothing"), limits::kBodyBytesMax);
}

}  // namespace
}  // namespace hw
