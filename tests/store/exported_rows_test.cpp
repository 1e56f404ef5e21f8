// SPDX-License-Identifier: Apache-2.0
#include "store/exported_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "core/record_refund.hpp"
#include "core/record_revenue_event.hpp"
#include "store/tables.hpp"
#include "tests/fixture/program_test.hpp"
#include "tests/fixture/sample_rows.hpp"

namespace hw {
namespace {

namespace json = boost::json;

class ExportedRowsTest : public ProgramTest {
  protected:
    void refund(const std::string& key, std::int64_t amount) {
        Refund told;
        told.payment_alias = "invoice:inv-1";
        told.refund_key = key;
        told.amount = amount;
        ASSERT_TRUE(write([&](Tx& tx) { return record_refund(tx, told); }));
    }
    std::vector<json::object> exported(std::string_view collection) {
        std::vector<json::object> rows;
        const auto count = export_rows(url, workspace_id, collection, [&](std::string_view line) {
            EXPECT_EQ(line.find('\n'), line.npos);
            rows.push_back(json::parse(line).as_object());
        });
        EXPECT_EQ(count, std::ssize(rows));
        return rows;
    }
};

class ExportedTablesTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    std::vector<std::string> lines(std::string_view workspace_id, std::string_view collection) {
        std::vector<std::string> found;
        export_rows(own_.url, workspace_id, collection,
                    [&](std::string_view line) { found.emplace_back(line); });
        return found;
    }
    OwnDatabase own_ = own_database(GetParam());
};

TEST_P(ExportedTablesTest, EveryColumnOfTheWorkspacesRows) {
    const auto connection = connect(own_.url, Access::ReadWrite);
    const auto tables = list_tables(*connection);
    for (const auto& name : exported_collections()) {
        const auto table = std::ranges::find(tables, name, &Table::name);
        ASSERT_NE(table, tables.end()) << name;
        connection->begin(kOperator);
        for (int number = 3; number > 0; --number) {
            insert_sample_row(*connection, *table, "ws_a", number);
            insert_sample_row(*connection, *table, "ws_b", number);
        }
        connection->commit();
        const auto found = lines("ws_b", name);
        ASSERT_EQ(found.size(), 3U) << name;
        EXPECT_TRUE(std::ranges::is_sorted(found)) << name;
        for (const auto& line : found) {
            EXPECT_TRUE(line.starts_with("{\"workspaceId\":\"ws_b\"")) << line;
            EXPECT_GE(std::ranges::count(line, ':'), std::ssize(table->columns)) << line;
        }
        EXPECT_EQ(lines("ws_c", name).size(), 0U) << name;
    }
}

HW_ON_BOTH_ENGINES(ExportedTablesTest);

TEST_P(ExportedRowsTest, ConversionsCarryTheirDecisionAndWhatWentBack) {
    auto sale = direct_sale("cus-1", click, 10'000);
    sale.invoice_id = "inv-1";
    sale.metadata = "{\"plan\":\n \"pro\"}";
    sold(sale);
    for (const std::int64_t amount : {1'500, 500}) {
        refund(fmt::format("re_{}", amount), amount);
    }
    const auto rows = exported("conversions");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].at("kind"), "lead");
    EXPECT_EQ(rows[0].at("refundedAmount"), 0);
    const auto& row = rows[1];
    EXPECT_EQ(row.at("kind"), "purchase");
    EXPECT_EQ(row.at("amount"), 10'000);
    EXPECT_EQ(row.at("metadata").at("plan"), "pro");
    EXPECT_EQ(row.at("confidence"), "certain");
    EXPECT_EQ(row.at("linkId"), json::string(link.link_id));
    EXPECT_EQ(row.at("partnerId"), "pn_1");
    EXPECT_EQ(row.at("touchId"), json::string(click));
    EXPECT_EQ(row.at("refundedAmount"), 2'000);
    EXPECT_EQ(row.at("net"), 8'000);
    EXPECT_EQ(row.at("dedupKey"), "invoice:inv-1");
    EXPECT_EQ(row.at("mrrMovement"), nullptr);
    EXPECT_TRUE(rows[0].at("dedupKey").as_string().starts_with("lead:")) << rows[0];
    EXPECT_TRUE(exported("attributions")[1].at("evidence").is_object());
    EXPECT_EQ(exported("touches")[0].at("touchId"), json::string(click));
}

TEST_P(ExportedRowsTest, RevenueIsCalledWhatItIsByNow) {
    RevenueEvent told{.payment_processor = "stripe",
                      .transaction_id = "in_1",
                      .event_type = "subscription",
                      .customer_id = "cus-1",
                      .subscription_id = "sub_1",
                      .amount = 2'999,
                      .currency = "usd",
                      .mrr_impact = 2'999};
    told.occurred_at_ms = env.now_ms();
    ASSERT_TRUE(write([&](Tx& tx) { return record_revenue_event(tx, told); }));
    const auto rows = exported("conversions");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].at("kind"), "subscription");
    EXPECT_EQ(rows[0].at("recordedKind"), "purchase");
    EXPECT_EQ(rows[0].at("subscriptionId"), "sub_1");
    EXPECT_EQ(rows[0].at("mrrMovement"), 2'999);
    EXPECT_EQ(rows[0].at("isTest"), 0);
    EXPECT_EQ(exported("mrr_movements").size(), 1U);
}

TEST_P(ExportedRowsTest, CommissionsStandWhereTheyStand) {
    auto sale = direct_sale("cus-1", click, 10'000);
    sale.invoice_id = "inv-1";
    sold(sale);
    refund("re_1", 5'000);
    const auto rows = exported("commissions");
    ASSERT_EQ(rows.size(), 2U);
    const auto& sold_row = rows[rows[0].at("kind") == "sale" ? 0 : 1];
    EXPECT_EQ(sold_row.at("creditedEarnings"), 2'000);
    EXPECT_EQ(sold_row.at("earnings"), 1'000);
    EXPECT_EQ(sold_row.at("creditedAmount"), 10'000);
    EXPECT_EQ(sold_row.at("status"), "pending");
    EXPECT_EQ(sold_row.at("payoutId"), nullptr);
    const auto postings = exported("postings");
    ASSERT_EQ(postings.size(), 6U);
    std::int64_t sum = 0;
    for (const auto& posting : postings) sum += posting.at("amount").as_int64();
    EXPECT_EQ(sum, 0);
}

HW_ON_BOTH_ENGINES(ExportedRowsTest);

}  // namespace
}  // namespace hw
