// SPDX-License-Identifier: Apache-2.0
// Written apart from the program's own counting, so that the two cannot err alike.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iterator>

#include "tests/child_process.hpp"
#include "tests/reliability/running_shop.hpp"

namespace hw {
namespace {

constexpr std::string_view kBooked =
    " from conversions c join attributions a on a.workspace_id = c.workspace_id"
    " and a.conversion_id = c.conversion_id where a.rung <> 'orphan' and a.seq ="
    " (select max(b.seq) from attributions b where b.workspace_id = c.workspace_id"
    " and b.conversion_id = c.conversion_id)";

struct Count {
    std::string_view name;
    std::string derived;
    std::string facts;
};

// A sale of a partner's link earns 12.5 %, half a cent rounded up; the first lead of a customer
// 300. Nothing else happens to commissions in these shops, so the books follow from the
// conversions.
std::vector<Count> counts_of_program() {
    const auto owed = [](std::string_view columns) {
        return fmt::format(
            "select {} from (select 'sale ' || c.conversion_id as what,"
            " (c.converted_amount * 1250 + 5000) / 10000 as earned{}"
            " and c.kind = 'purchase' and a.partner_id is not null union all"
            " select distinct 'lead ' || a.customer_id, 300{}"
            " and c.kind = 'lead' and a.partner_id is not null) as owed where earned > 0",
            columns, kBooked, kBooked);
    };
    const std::string_view name =
        "c.kind || ' ' || case when c.kind = 'sale' then c.conversion_id else c.customer_id end";
    const std::string_view joined =
        " from commissions c join commission_states s on s.workspace_id = c.workspace_id"
        " and s.commission_id = c.commission_id";
    return {
        {"commissions", fmt::format("select {} || ' ' || s.earnings{}", name, joined),
         owed("what || ' ' || earned")},
        {"postings of commissions",
         "select 'all ' || coalesce(sum(amount), 0) from postings where amount > 0",
         owed("'all ' || coalesce(sum(earned), 0)")},
        {"balances",
         "select account || ' ' || sum(balance) from ledger_balances group by account"
         " having sum(balance) <> 0",
         "select account || ' ' || sum(amount) from postings group by account"
         " having sum(amount) <> 0"},
        {"uneven transactions",
         "select ledger_id from postings group by ledger_id having sum(amount) <> 0",
         "select ledger_id from postings where 1 = 0"},
    };
}

// What `headwater verify` says, when it says that something differs.
std::vector<std::string> verify(const std::string& url) {
    const char* binary = std::getenv("HW_BINARY");
    ChildProcess command({.argv = {binary != nullptr ? binary : HW_BINARY_DIR "/headwater",
                                   "verify", "--database", url}});
    const auto status = command.wait(std::chrono::minutes(5));
    if (status == 0) return {};
    return {fmt::format("verify ends with {}: {}", status.value_or(-1), command.output())};
}

std::vector<Count> counts() {
    const auto booked = [](std::string_view columns, std::string_view rest) {
        return fmt::format("select {}{}{}", columns, kBooked, rest);
    };
    const std::string all_clicks = "select 'all ' || count(*) from touches where counted = 1";
    const std::string clicks_by_link =
        "select link_id || ' ' || count(*) from touches where counted = 1 group by link_id";
    const auto leads_by_link =
        booked("a.link_id || ' ' || count(*)", " and c.kind = 'lead' group by a.link_id");
    const auto sales_by_link =
        booked("a.link_id || ' ' || count(*) || ' ' || sum(c.converted_amount)",
               " and c.kind = 'purchase' group by a.link_id");
    return {
        {"link clicks",
         "select link_id || ' ' || sum(clicks) from link_totals group by link_id"
         " having sum(clicks) > 0",
         clicks_by_link},
        {"link leads",
         "select link_id || ' ' || sum(leads) from link_totals group by link_id"
         " having sum(leads) > 0",
         leads_by_link},
        {"link sales",
         "select link_id || ' ' || sum(sales) || ' ' || sum(sale_amount) from link_totals"
         " group by link_id having sum(sales) > 0",
         sales_by_link},
        {"link conversions",
         "select link_id || ' ' || sum(conversions) from link_totals group by link_id"
         " having sum(conversions) > 0",
         booked("a.link_id || ' ' || count(distinct a.customer_id)",
                " and c.kind = 'purchase' group by a.link_id")},
        {"customer totals",
         "select customer_id || ' ' || sales || ' ' || sale_amount from customer_totals"
         " where sales > 0",
         booked("a.customer_id || ' ' || count(*) || ' ' || sum(c.converted_amount)",
                " and c.kind = 'purchase' group by a.customer_id")},
        {"rollup clicks by link",
         "select value || ' ' || sum(clicks) from rollups_hour where dimension = 'link'"
         " group by value having sum(clicks) > 0",
         clicks_by_link},
        {"rollup leads by link",
         "select value || ' ' || sum(leads) from rollups_hour where dimension = 'link'"
         " group by value having sum(leads) > 0",
         leads_by_link},
        {"rollup sales by link",
         "select value || ' ' || sum(sales) || ' ' || sum(sale_amount) from rollups_hour"
         " where dimension = 'link' group by value having sum(sales) > 0",
         sales_by_link},
        {"rollup clicks",
         "select distinct 'all ' || sum(clicks) from rollups_hour"
         " group by dimension",
         all_clicks},
        {"rollup sales",
         "select distinct 'all ' || sum(sales) || ' ' || sum(sale_amount)"
         " from rollups_hour group by dimension",
         booked("'all ' || coalesce(sum(case when c.kind = 'purchase' then 1 else 0 end), 0) ||"
                " ' ' || coalesce(sum(case when c.kind = 'purchase' then c.converted_amount"
                " else 0 end), 0)",
                "")},
    };
}

}  // namespace

std::vector<std::string> recount(const std::string& url) {
    auto wrong = verify(url);
    auto all = counts();
    std::ranges::move(counts_of_program(), std::back_inserter(all));
    for (const auto& count : all) {
        const auto derived = lines_of(url, count.derived);
        const auto facts = lines_of(url, count.facts);
        if (derived == facts) continue;
        wrong.push_back(fmt::format("{}: derived [{}], recounted [{}]", count.name,
                                    fmt::join(derived, ", "), fmt::join(facts, ", ")));
    }
    return wrong;
}

}  // namespace hw
