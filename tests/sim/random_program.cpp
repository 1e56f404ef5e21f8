// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/random_program.hpp"

#include <algorithm>
#include <map>

#include "base/fault.hpp"
#include "core/move_payout.hpp"
#include "core/record_refund.hpp"
#include "core/rollups.hpp"
#include "core/settle_commission.hpp"
#include "store/commissions.hpp"
#include "store/ledger.hpp"
#include "store/partners.hpp"
#include "store/programs.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 3> kPartners{"pn_1", "pn_2", "pn_3"};

const Query kStates{"test_commission_states", R"sql(
select commission_id, status, amount, earnings, payout_id, paid_at_ms, due from commission_states
where workspace_id = $1 order by commission_id
)sql"};
const Query kPosted{"test_posted", R"sql(
select coalesce(commission_id, ''), account, currency, cast(sum(amount) as bigint) from postings
where workspace_id = $1 group by commission_id, account, currency having sum(amount) <> 0
)sql"};
const Query kUneven{"test_uneven", R"sql(
select ledger_id, currency from postings
where workspace_id = $1 group by ledger_id, currency having sum(amount) <> 0
)sql"};

std::string text_of(const std::map<std::string, std::int64_t>& accounts) {
    std::string text;
    for (const auto& [account, amount] : accounts) text += fmt::format(" {} {}", account, amount);
    return text;
}

}  // namespace

RandomProgram::RandomProgram(Connection& connection, TestEnv& env,
                             const RandomProgramOptions& options)
    : connection_(connection),
      env_(env),
      options_(options),
      dice_(options.seed),
      workspace_id_(fmt::format("ws_{}", options.seed)),
      domain_(fmt::format("d{}.example", options.seed)) {}

std::string RandomProgram::live() {
    open();
    const auto steps = 6 + below(20);
    for (std::size_t i = 0; i < steps && wrong_.empty(); ++i) {
        step();
        if (options_.is_checked_often || one_in(8)) check();
    }
    check();
    check_books();
    reverse();
    return wrong_;
}

void RandomProgram::open() {
    min_payout_ = one_in(3) ? 500 : 0;
    const auto made = act([&](Tx& tx) -> Result<bool> {
        Workspace workspace;
        workspace.workspace_id = workspace.slug = workspace.name = workspace_id_;
        workspace.currency = "usd";
        workspace.created_at_ms = tx.now_ms();
        const bool is_new = insert_workspace(tx, workspace) &&
                            insert_domain(tx, {.slug = domain_,
                                               .workspace_id = workspace_id_,
                                               .domain_id = tx.new_id("dom_"),
                                               .primary = true,
                                               .created_at_ms = tx.now_ms()}) &&
                            insert_program(tx, {.workspace_id = workspace_id_,
                                                .program_id = "prog_1",
                                                .name = "Friends",
                                                .slug = "friends",
                                                .domain = domain_,
                                                .url = "https://shop.example",
                                                .min_payout_amount = min_payout_,
                                                .created_at_ms = tx.now_ms()});
        HW_ASSERT(is_new);
        open_groups(tx);
        open_partners(tx);
        return true;
    });
    HW_ASSERT(made);
}

void RandomProgram::open_groups(Tx& tx) {
    for (const auto* id : {"rw_1", "rw_2"}) {
        books_.rewards[id] = some_sale_reward(id);
        put_reward(tx, books_.rewards[id], true);
    }
    books_.rewards["rw_lead"] = {
        .id = "rw_lead", .base = {false, 300, 0}, .limit = {}, .interval = {}, .modifiers = {}};
    if (one_in(4)) {
        books_.rewards["rw_lead"].limit = 500;
        books_.rewards["rw_lead"].interval = "week";
    }
    put_reward(tx, books_.rewards["rw_lead"], true);
    books_.groups["grp_1"] = {one_in(2) ? 0 : 30, "rw_1", "rw_lead"};
    books_.groups["grp_2"] = {one_in(2) ? 0 : 14, "rw_2", one_in(2) ? "rw_lead" : ""};
    for (const auto& [id, group] : books_.groups) put_group(tx, id, true);
}

void RandomProgram::open_partners(Tx& tx) {
    for (const auto partner_id : kPartners) {
        Partner partner;
        partner.workspace_id = workspace_id_;
        partner.partner_id = partner.name = partner_id;
        insert_partner(tx, partner);
        Enrollment enrollment;
        enrollment.workspace_id = workspace_id_;
        enrollment.program_id = "prog_1";
        enrollment.partner_id = partner_id;
        enrollment.enrollment_id = fmt::format("pge_{}", partner_id);
        enrollment.group_id = one_in(3) ? "grp_2" : "grp_1";
        enrollment.status = "approved";
        insert_enrollment(tx, enrollment);
        books_.group_of[std::string(partner_id)] = enrollment.group_id;
        links_.push_back(put_link(tx, std::string(partner_id)));
    }
    links_.push_back(put_link(tx, ""));
    for (const auto& link_id : links_) {
        Touch touch;
        touch.workspace_id = workspace_id_;
        touch.at_ms = tx.now_ms();
        touch.touch_id = tx.new_click_id();
        touch.link_id = link_id;
        touch.visitor = static_cast<std::int64_t>(clicks_.size()) + 1;
        touch.url = "https://shop.example/";
        touch.referer = "(direct)";
        const std::array<const Touch*, 1> touches{&touch};
        insert_touches(tx, touches, Counted::Yes);
        count_click(tx, touch);
        clicks_.push_back(touch.touch_id);
    }
}

std::string RandomProgram::put_link(Tx& tx, const std::string& partner) {
    Link link;
    link.workspace_id = workspace_id_;
    link.link_id = fmt::format("link_{}", links_.size() + 1);
    link.domain = domain_;
    link.key = link.key_folded = fmt::format("k{}", links_.size() + 1);
    link.url = "https://shop.example/";
    link.track_conversion = true;
    if (!partner.empty()) {
        link.program_id = "prog_1";
        link.partner_id = partner;
    }
    link.created_at_ms = link.updated_at_ms = tx.now_ms();
    HW_ASSERT(insert_link(tx, link));
    return link.link_id;
}

void RandomProgram::check() {
    if (!wrong_.empty()) return;
    const auto checked = act([&](Tx& tx) -> Result<bool> {
        check_commissions(tx);
        check_balances(tx);
        return true;
    });
    HW_ASSERT(checked);
}

void RandomProgram::check_commissions(Tx& tx) {
    std::map<std::string, std::map<std::string, std::int64_t>> posted;
    tx.each(
        kPosted,
        [&](const Row& row) {
            posted[row.text(0)][row.text(1)] += row.int64(3);
            expect(row.view(2) == "usd", "a posting of another currency");
        },
        workspace_id_);
    std::size_t seen = 0;
    tx.each(
        kStates,
        [&](const Row& row) {
            ++seen;
            const auto id = row.text(0);
            const auto* commission = books_.find_commission(id);
            if (commission == nullptr) return expect(false, "nobody earned commission " + id);
            const auto is = books_.standing(*commission, tx.now_ms());
            const auto expected =
                fmt::format("{} of {} earns {} due {} in '{}' paid {}:{}", is.status, is.amount,
                            is.earnings, is.due, is.payout, is.was_paid, text_of(is.accounts));
            const auto found = fmt::format("{} of {} earns {} due {} in '{}' paid {}:{}",
                                           row.text(1), row.int64(2), row.int64(3), row.int64(6),
                                           row.optional_text(4).value_or(""), !row.is_null(5),
                                           text_of(posted[id]));
            expect(expected == found,
                   fmt::format("{}: expected {}, found {}", id, expected, found));
        },
        workspace_id_);
    expect(seen == books_.commissions.size(), "a commission is missing");
    tx.each(
        kUneven,
        [&](const Row& row) { expect(false, "ledger transaction " + row.text(0) + " is uneven"); },
        workspace_id_);
}

void RandomProgram::check_balances(Tx& tx) {
    std::map<std::string, std::int64_t> expected;
    for (const auto& commission : books_.commissions) {
        for (const auto& [account, amount] : books_.standing(commission, tx.now_ms()).accounts) {
            expected[account] += amount;
        }
    }
    std::erase_if(expected, [](const auto& one) { return one.second == 0; });
    std::map<std::string, std::int64_t> kept;
    for (const auto& balance : list_balances(tx, workspace_id_, "")) {
        kept[balance.account] += balance.amount;
    }
    expect(kept == expected,
           fmt::format("balances: expected{}, found{}", text_of(expected), text_of(kept)));
}

void RandomProgram::check_books() {
    if (!wrong_.empty()) return;
    env_.advance_ms(1);
    Tx tx(connection_, env_, workspace_id_);
    const auto verified = verify_books(tx);
    if (verified.differences == 0) return;
    const auto& first = verified.first.front();
    expect(false, fmt::format("verify: {} {}: expected {}, found {}", first.table, first.key,
                              first.expected, first.found));
}

// Everything refunded and the rest canceled: what each partner still has is what was paid, and as
// much the other way round; and when that comes back, there is nothing at all.
void RandomProgram::reverse() {
    if (!wrong_.empty()) return;
    for (const auto& event : books_.events) {
        if (!event.is_sale) continue;
        const auto payment = conversion_alias(event.id);
        books_.refunds.push_back({payment, "re_all", event.amount, ""});
        const auto told = act([&](Tx& tx) {
            return record_refund(tx, {workspace_id_, payment, "re_all", event.amount, "", "", 0});
        });
        expect(told.has_value(), "a whole refund was refused");
    }
    for (auto& commission : books_.commissions) {
        if (commission.kind != "sale") review_by_rules(commission, "canceled");
    }
    check();
    if (!wrong_.empty()) return;
    std::map<std::string, std::int64_t> sums;  // of each partner, and of the programme
    Tx tx(connection_, env_, workspace_id_);
    for (const auto& balance : list_balances(tx, workspace_id_, "")) {
        sums[balance.account.substr(0, balance.account.rfind(':'))] += balance.amount;
    }
    for (const auto& [whose, sum] : sums) {
        expect(sum == 0, fmt::format("after everything was reversed {} has {}", whose, sum));
    }
    take_back_payments();
    check();
    if (one_in(8)) check_books();
}

void RandomProgram::take_back_payments() {
    for (auto& payout : books_.payouts) {
        if (payout.status == "failed" || payout.status == "canceled") continue;
        payout.status = payout.status == "pending" ? "canceled" : "failed";
        const auto moved = act([&](Tx& tx) {
            return move_payout(
                tx, {.payout_id = payout.id, .status = payout.status, .decided_by = "user_1"});
        });
        expect(moved.has_value(), "a payout could not be taken back");
    }
    Tx tx(connection_, env_, workspace_id_);
    expect(list_balances(tx, workspace_id_, "").empty(), "something is left in the books");
}

}  // namespace hw
