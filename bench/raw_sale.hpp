// SPDX-License-Identifier: Apache-2.0
// One sale of a known customer as the server books it, statement by statement, without the server:
// the yardstick of POST /track/sale. The statements are the server's own, taken by name, so that
// both sides run the same SQL whatever becomes of it.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/env.hpp"
#include "store/query.hpp"
#include "store/row.hpp"

namespace hw::bench {

inline constexpr std::string_view kWorkspace = "ws_1";  // as bench/dataset.py makes it

// The first row of an answer, as text; empty when there was none. Nulls are empty text.
using FirstRow = std::vector<std::string>;

class BenchEnv : public Env {
  public:
    explicit BenchEnv(std::uint64_t seed) : random_(seed) {}
    std::int64_t now_ms() override;
    std::uint64_t random_64() override { return random_(); }

  private:
    std::mt19937_64 random_;
};

// The statement that the server knows by this name; ends the program when there is none.
const Query& statement(std::string_view name);

struct SaleStatements {
    const Query& claim_key = statement("claim_key");
    const Query& find_customer = statement("find_customer_by_external_id");
    const Query& find_payment_alias = statement("find_payment_alias");
    const Query& find_attributed_lead = statement("find_attributed_lead");
    const Query& find_touch = statement("find_touch");
    const Query& find_link = statement("find_link");
    const Query& claim_payment_alias = statement("claim_payment_alias");
    const Query& insert_conversion = statement("insert_conversion");
    const Query& insert_attribution = statement("insert_attribution");
    const Query& claim_first_sale = statement("claim_first_sale");
    const Query& add_customer_sale = statement("add_customer_sale");
    const Query& append_outbox = statement("append_outbox");
    const Query& store_answer = statement("store_answer");
    const Query& insert_log_entry = statement("insert_log_entry");
    const Query& add_link_totals = statement("add_link_totals");
    const Query& add_rollup = statement("add_rollup");
};

// What the merchant told and what the server would make of it, before any statement runs.
struct Sale {
    std::int64_t now_ms = 0;
    std::string external_id;
    std::string invoice_id;
    std::string body;
    std::string body_hash;
    std::string conversion_id;
    std::string event_id;
    std::string log_id;
};
inline constexpr std::int64_t kSaleAmount = 4900;

// Sales of random customers out of `customers`, each with an invoice of its own.
class Sales {
  public:
    Sales(std::uint64_t seed, std::uint64_t customers)
        : env_(seed), customers_(customers), seed_(seed) {}
    Sale next();

  private:
    BenchEnv env_;
    std::uint64_t customers_;
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
};

// Positions in the rows that the sale looks at.
namespace column {
inline constexpr std::size_t kCustomerId = 1, kCustomerName = 3, kCustomerEmail = 4;
inline constexpr std::size_t kLeadId = 0, kLeadTouch = 2, kLeadLink = 3;
inline constexpr std::size_t kTouchId = 1, kTouchAt = 2, kTouchTrigger = 5, kTouchReferer = 7;
inline constexpr std::size_t kTouchCountry = 9, kTouchDevice = 13, kTouchBrowser = 14;
inline constexpr std::size_t kTouchOs = 15, kLinkPartner = 9;
}  // namespace column

std::string metadata_json();
std::string evidence_json(const FirstRow& lead, const FirstRow& touch);
std::string answer_json(const Sale& sale, const FirstRow& customer);

// Sums of one commit, as store/counters.hpp keeps them.
struct SaleCounts {
    struct Sum {
        std::int64_t sales = 0;
        std::int64_t amount = 0;
        std::int64_t conversions = 0;
        std::int64_t last_conversion_at_ms = 0;
    };
    void add(const Sale& sale, const FirstRow& lead, const FirstRow& touch, bool first);

    std::map<std::string, Sum> links;
    std::map<std::pair<std::string_view, std::string>, Sum> rollups;
    std::int64_t hour_ms = 0;
};

// What a sale was told by the database. Kept between sales for its memory.
struct SaleRows {
    FirstRow claimed, customer, alias, lead, touch, link, alias_claimed, first;
};

// `Database` has ask(query, params, first_row), send(query, params) and wait(), after which every
// row asked for is there.
template <class Database>
void find_facts(Database& db, const SaleStatements& sql, const Sale& sale, SaleRows& rows) {
    db.ask(sql.claim_key, {kWorkspace, "invoice", sale.invoice_id, sale.body_hash, sale.now_ms},
           rows.claimed);
    db.ask(sql.find_customer, {kWorkspace, sale.external_id}, rows.customer);
    const auto alias = "invoice:" + sale.invoice_id;
    db.ask(sql.find_payment_alias, {kWorkspace, alias}, rows.alias);
    db.wait();
    const auto& customer_id = rows.customer.at(column::kCustomerId);
    db.ask(sql.find_attributed_lead, {kWorkspace, customer_id, std::nullopt, sale.now_ms, ""},
           rows.lead);
    db.wait();
    db.ask(sql.find_touch, {kWorkspace, rows.lead.at(column::kLeadTouch)}, rows.touch);
    db.ask(sql.find_link, {kWorkspace, rows.lead.at(column::kLeadLink)}, rows.link);
    db.wait();
}

template <class Database>
void write_facts(Database& db, const SaleStatements& sql, const Sale& sale, SaleRows& rows) {
    const auto& customer_id = rows.customer.at(column::kCustomerId);
    const auto& touch_id = rows.lead.at(column::kLeadTouch);
    const auto& link_id = rows.lead.at(column::kLeadLink);
    const auto alias = "invoice:" + sale.invoice_id;
    const auto metadata = metadata_json();
    const auto evidence = evidence_json(rows.lead, rows.touch);
    const auto answer = answer_json(sale, rows.customer);
    const auto none = std::nullopt;
    // clang-format off
    db.send(sql.insert_conversion,
            {kWorkspace, sale.conversion_id, "purchase", "Purchase", customer_id, sale.external_id,
             sale.now_ms, kSaleAmount, "usd", kSaleAmount, "usd", none, none, none, "stripe",
             sale.invoice_id, metadata, "", "", 1, "api"});
    db.ask(sql.claim_payment_alias, {kWorkspace, alias, sale.conversion_id}, rows.alias_claimed);
    db.send(sql.insert_attribution,
            {kWorkspace, sale.conversion_id, 1, "lead", "certain", customer_id, touch_id, link_id,
             none, none, 1, "engine", sale.now_ms, "", evidence, none});
    // clang-format on
    db.ask(sql.claim_first_sale, {kWorkspace, customer_id, link_id, sale.conversion_id},
           rows.first);
    db.send(sql.add_customer_sale, {kWorkspace, customer_id, kSaleAmount, sale.now_ms});
    db.send(sql.append_outbox,
            {kWorkspace, sale.event_id, "sale.created", sale.conversion_id, sale.now_ms});
    db.send(sql.store_answer, {kWorkspace, "invoice", sale.invoice_id, 200, answer});
    db.send(sql.insert_log_entry, {kWorkspace, sale.log_id, sale.now_ms, "POST", "/track/sale", 200,
                                   "", sale.conversion_id, sale.log_id, sale.body, answer});
    db.wait();
}

template <class Database>
void record_sale(Database& db, const SaleStatements& sql, const Sale& sale, SaleCounts& counts) {
    auto& rows = db.rows();
    find_facts(db, sql, sale, rows);
    write_facts(db, sql, sale, rows);
    counts.add(sale, rows.lead, rows.touch, !rows.first.empty());
}

template <class Database>
void flush_counts(Database& db, const SaleStatements& sql, SaleCounts& counts, std::int64_t slot) {
    for (const auto& [link_id, sum] : counts.links) {
        db.send(sql.add_link_totals, {kWorkspace, link_id, slot, 0, 0, sum.conversions, sum.sales,
                                      sum.amount, 0, 0, sum.last_conversion_at_ms});
    }
    for (const auto& [key, sum] : counts.rollups) {
        db.send(sql.add_rollup, {kWorkspace, key.first, key.second, counts.hour_ms, slot, 0, 0,
                                 sum.sales, sum.amount});
    }
    counts.links.clear();
    counts.rollups.clear();
}

// Prints {"count":..,"seconds":..,"rate":..,"p50_us":..,"p99_us":..}.
void print_measured(std::vector<std::int64_t>& took_us, std::int64_t elapsed_us);

std::int64_t steady_us();

}  // namespace hw::bench
