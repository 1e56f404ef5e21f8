// SPDX-License-Identifier: Apache-2.0
// Every statement of the program compiles on both engines, so that a typing error in SQL fails here
// and not in production.
#include "store/query.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "base/fault.hpp"
#include "store/connection.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class QueriesTest : public ::testing::TestWithParam<EngineKind> {};

// PostgreSQL cuts names of prepared statements at 63 characters; the driver adds a number.
constexpr std::size_t kNameCharactersMax = 48;

TEST(Queries, NamesAreUniqueAndShort) {
    std::set<std::string_view> names;
    const std::regex snake_case("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    for (const auto* query : all_queries()) {
        const auto name = query->name();
        EXPECT_TRUE(names.insert(name).second) << name << " is taken twice";
        EXPECT_LE(name.size(), kNameCharactersMax) << name;
        EXPECT_TRUE(std::regex_match(std::string(name), snake_case)) << name;
        EXPECT_FALSE(query->sql(EngineKind::Sqlite).empty() &&
                     query->sql(EngineKind::Postgres).empty())
            << name << " is for no engine";
    }
    EXPECT_GT(names.size(), 50U);
}

TEST_P(QueriesTest, EachIsPrepared) {
    const auto connection = connect(test_database_url(GetParam()), Access::ReadWrite);
    for (const auto* query : all_queries()) {
        if (query->sql(GetParam()).empty()) continue;
        EXPECT_NO_THROW(connection->prepare(*query)) << query->name();
    }
}

TEST_P(QueriesTest, EachIsExplained) {
    const auto connection = connect(test_database_url(GetParam()), Access::ReadWrite);
    for (const auto* query : all_queries()) {
        if (query->sql(GetParam()).empty()) continue;
        std::string plan;
        EXPECT_NO_THROW(plan = connection->explain(*query)) << query->name();
        // SQLite has nothing to say about a plain insert.
        EXPECT_TRUE(GetParam() == EngineKind::Sqlite || !plan.empty()) << query->name();
    }
}

// Statements that read a whole table on purpose: small ones, and the check of the books.
const std::set<std::string_view> kScans{
    "count_jobs",              // of an index of those alone, and no more than a limit
    "conversions_of_visitor",  // of those that were found by key
    "count_ready_jobs",
    "count_setup_tokens",
    "count_recent_touches",  // of a limited number of touches that were found by key
    "delete_expired_setup_tokens",
    "find_schema_versions",
    "first_payment_secret",  // the first of its key
    "has_schema_versions",
    "list_columns",
    "list_first_pages_between",  // of the page views of a span of time
    "list_fx_pairs",
    "list_indexes",
    "latest_clicks",           // of a limited number of touches that were found by key
    "list_oldest_workspaces",  // the first of their key
    "list_job_lanes",          // of the few that were found by key
    "list_schema_versions",
    "count_visits_of_partner",  // of a limited number of touches that were found by key
    "list_workspaces",
    "list_rollup_values",   // of the few values that were found by key
    "oldest_sale_on_link",  // of the few sales of a customer
    "probe_write",
    "recent_touches",    // of the workspaces, with a range of the touches of each
    "recount_customer",  // of the few sales of a customer
    "verify_customer_totals",
    "verify_inferred_totals",
};

TEST_P(QueriesTest, NoStatementScansATable) {
    // On SQLite, which plans without statistics.
    if (GetParam() == EngineKind::Postgres) return;
    const auto connection = connect(test_database_url(GetParam()), Access::ReadWrite);
    const std::regex scan("SCAN (?!json_each|CONSTANT)");
    for (const auto* query : all_queries()) {
        if (query->sql(GetParam()).empty()) continue;
        const auto plan = connection->explain(*query);
        EXPECT_EQ(std::regex_search(plan, scan), kScans.contains(query->name()))
            << query->name() << "\n"
            << plan;
    }
}

// Statements that walk a workspace's rows on purpose: in the order asked for and up to a limit, of
// a table with few rows, to count all of them, or to check the books.
const std::set<std::string_view> kWorkspaceReads{
    "verify_deliveries",
    "count_orphans",
    "each_mrr_movement",        // all of them, for the report and for the check of the books
    "find_attribution_policy",  // one row for each workspace
    "list_repairs",
    "find_signing_seed",  // one row for each workspace
    "list_payouts_amount_up",
    "list_payouts_amount_down",
    "list_payouts_initiated_up",
    "list_payouts_initiated_down",
    "list_payouts_paid_up",
    "list_payouts_paid_down",
    "count_links",
    "count_links_by_domain",
    "count_links_by_folder",
    "count_links_by_tag",
    "each_seal",
    "empty_folder",  // goes through the links in the background of a rare wish
    "first_inbox",   // the first of its key
    "first_open_day",
    "insert_visitor_click",  // whether there is a token at all
    "last_closed_day",
    "last_inbox",  // the last of its key
    "last_seal",
    "last_set_aside",     // the last of its key
    "last_status_alert",  // the last of its key
    "list_api_keys",
    "list_balances",
    "list_click_webhooks",
    "list_domain_claims",
    "list_domains",
    "list_folders",
    "list_ingest_tokens",
    "list_jobs",
    "list_fraud_rules",  // at most one row for each rule
    "list_links_sorted",
    "list_discounts",
    "list_log_entries",
    "list_partners_by_commissions",  // sorts a programme's partners by what they sum up to
    "list_payment_accounts",
    "list_payment_connections",  // at most limits::kPaymentConnectionsMax, and those deleted
    "list_programs",
    "list_rewards",
    "list_subscriptions",
    "list_tags",
    "list_webhooks",
    "list_workflows",  // at most limits::kWorkflowsMax
    "sum_postings",
    "test_count_conversions",
    "test_count_customers",
    "test_count_jobs",
    "test_count_orphans",
    "test_count_outbox",
    "test_count_touches",
    "uneven_transactions",
    "verify_bad_lead_keys",
    "verify_bad_payment_aliases",
    "verify_customer_links_of_nothing",
    "verify_customer_totals",
    "verify_inferred_totals",
    "verify_decision_gaps",
    "verify_decisions_of_nothing",
    "verify_links_left",
    "verify_missing_customer_links",
    "verify_missing_lead_keys",
    "verify_missing_payment_aliases",
};

TEST_P(QueriesTest, NoStatementReadsAWorkspace) {
    if (GetParam() == EngineKind::Postgres) return;
    const auto connection = connect(test_database_url(GetParam()), Access::ReadWrite);
    const std::regex whole(R"(SEARCH (?!workspaces)\w+ USING [A-Z ]+(\w+ )?\(workspace_id=\?\))");
    for (const auto* query : all_queries()) {
        if (query->sql(GetParam()).empty()) continue;
        const auto plan = connection->explain(*query);
        EXPECT_EQ(std::regex_search(plan, whole), kWorkspaceReads.contains(query->name()))
            << query->name() << "\n"
            << plan;
    }
}

HW_ON_BOTH_ENGINES(QueriesTest);

}  // namespace
}  // namespace hw
