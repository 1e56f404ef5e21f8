// SPDX-License-Identifier: Apache-2.0
#include "bench/raw_sale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "base/civil_time.hpp"
#include "base/digest.hpp"
#include "base/id.hpp"

namespace hw::bench {

std::int64_t BenchEnv::now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::int64_t steady_us() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

const Query& statement(std::string_view name) {
    static const auto queries = all_queries();
    const auto found = std::ranges::find(queries, name, [](const Query* q) { return q->name(); });
    if (found == queries.end()) {
        fmt::print(stderr, "the server has no statement \"{}\" any more: follow it here\n", name);
        std::exit(2);
    }
    return **found;
}

// The same text as bench/sales.lua sends.
std::string metadata_json() {
    return R"({"plan":"team","seats":12,"note":")" + std::string(160, 'n') + R"("})";
}

Sale Sales::next() {
    Sale sale;
    sale.now_ms = env_.now_ms();
    sale.external_id = fmt::format("c{}", env_.random_64() % customers_);
    sale.invoice_id = fmt::format("in_{}_{}", seed_, ++count_);
    sale.body = fmt::format(
        R"({{"customerExternalId":"{}","amount":{},"currency":"usd","eventName":"Purchase",)"
        R"("paymentProcessor":"stripe","invoiceId":"{}","metadata":{}}})",
        sale.external_id, kSaleAmount, sale.invoice_id, metadata_json());
    sale.body_hash = sha256_hex(sale.body);
    sale.conversion_id = new_id("sale_", sale.now_ms, env_);
    sale.event_id = new_id("evt_", sale.now_ms, env_);
    sale.log_id = new_id("log_", sale.now_ms, env_);
    return sale;
}

std::string evidence_json(const FirstRow& lead, const FirstRow& touch) {
    const auto candidate = [&](std::string_view rung, std::string_view verdict,
                               const std::string& lead_id) {
        return fmt::format(
            R"({{"rung":"{}","verdict":"{}","touchId":"{}","linkId":"{}","touchedAtMs":{},)"
            R"("leadId":{}}})",
            rung, verdict, touch.at(column::kTouchId), lead.at(column::kLeadLink),
            touch.at(column::kTouchAt), lead_id);
    };
    return fmt::format(R"({{"candidates":[{},{}],"leftOut":0}})",
                       candidate("lead", "taken", '"' + lead.at(column::kLeadId) + '"'),
                       candidate("customer", "known_customer", "null"));
}

std::string answer_json(const Sale& sale, const FirstRow& customer) {
    return fmt::format(
        R"({{"eventName":"Purchase","customer":{{"id":"{}","name":"{}","email":"{}",)"
        R"("avatar":null,"externalId":"{}"}},"sale":{{"amount":{},"currency":"usd",)"
        R"("paymentProcessor":"stripe","invoiceId":"{}","metadata":{}}}}})",
        customer.at(column::kCustomerId), customer.at(column::kCustomerName),
        customer.at(column::kCustomerEmail), sale.external_id, kSaleAmount, sale.invoice_id,
        metadata_json());
}

void SaleCounts::add(const Sale& sale, const FirstRow& lead, const FirstRow& touch, bool first) {
    hour_ms = start_of_hour_ms(sale.now_ms);
    const auto& link_id = lead.at(column::kLeadLink);
    auto& link = links[link_id];
    ++link.sales;
    link.amount += kSaleAmount;
    if (first) {
        ++link.conversions;
        link.last_conversion_at_ms = sale.now_ms;
    }
    const auto count = [&](std::string_view dimension, const std::string& value) {
        auto& sum = rollups[{dimension, value}];
        ++sum.sales;
        sum.amount += kSaleAmount;
    };
    count("all", "");
    count("link", link_id);
    count("country", touch.at(column::kTouchCountry));
    count("device", touch.at(column::kTouchDevice));
    count("browser", touch.at(column::kTouchBrowser));
    count("os", touch.at(column::kTouchOs));
    count("referer", touch.at(column::kTouchReferer));
    count("trigger", touch.at(column::kTouchTrigger));
}

void print_measured(std::vector<std::int64_t>& took_us, std::int64_t elapsed_us) {
    if (took_us.empty()) took_us.push_back(0);
    std::ranges::sort(took_us);
    const auto seconds = static_cast<double>(elapsed_us) / 1e6;
    fmt::print(R"({{"count":{},"seconds":{:.3f},"rate":{:.1f},"p50_us":{},"p99_us":{}}})"
               "\n",
               took_us.size(), seconds, static_cast<double>(took_us.size()) / seconds,
               took_us[took_us.size() / 2], took_us[took_us.size() * 99 / 100]);
}

}  // namespace hw::bench
