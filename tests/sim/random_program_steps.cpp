// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "core/create_commission.hpp"
#include "core/create_payouts.hpp"
#include "core/move_payout.hpp"
#include "core/reattribute_conversion.hpp"
#include "core/record_dispute.hpp"
#include "core/record_refund.hpp"
#include "core/seal_ledger.hpp"
#include "core/settle_commission.hpp"
#include "core/track_lead.hpp"
#include "core/track_sale.hpp"
#include "core/update_commission.hpp"
#include "store/attributions.hpp"
#include "tests/sim/random_program.hpp"

namespace hw {
namespace {

constexpr std::int64_t kSeveral = 100;

const Query kConversions{"test_conversions", R"sql(
select conversion_id from conversions where workspace_id = $1 order by kind, conversion_id
)sql"};

}  // namespace

void RandomProgram::step() {
    using Step = void (RandomProgram::*)();
    static constexpr std::array<std::pair<int, Step>, 15> kSteps{{
        {10, &RandomProgram::tell_lead},
        {28, &RandomProgram::tell_sale},
        {8, &RandomProgram::tell_manual_sale},
        {9, &RandomProgram::tell_custom},
        {18, &RandomProgram::tell_refund},
        {9, &RandomProgram::tell_dispute},
        {10, &RandomProgram::move_conversion},
        {10, &RandomProgram::review},
        {8, &RandomProgram::amend},
        {18, &RandomProgram::make_payouts},
        {24, &RandomProgram::move_a_payout},
        {16, &RandomProgram::pass_time},
        {6, &RandomProgram::change_terms},
        {2, &RandomProgram::bring_rate},
        {0, &RandomProgram::pass_time},
    }};
    int all = 0;
    for (const auto& [weight, run] : kSteps) all += weight;
    auto left = static_cast<int>(below(static_cast<std::size_t>(all)));
    for (const auto& [weight, run] : kSteps) {
        left -= weight;
        if (left < 0) return (this->*run)();
    }
}

void RandomProgram::absorb() {
    Tx tx(connection_, env_, workspace_id_);
    std::vector<std::string> ids;
    tx.each(kConversions, [&](const Row& row) { ids.push_back(row.text(0)); }, workspace_id_);
    for (const auto& id : ids) {
        if (books_.find_event(id) != nullptr) continue;
        const auto told = find_conversion(tx, workspace_id_, id);
        const auto owner = find_attribution(tx, workspace_id_, id);
        HW_ASSERT(told && owner);
        // A sale keeps what it was converted to when it was first told.
        const bool has_rate =
            rated_.try_emplace(id, is_rated(told->currency, told->occurred_at_ms)).first->second;
        if (!owner->link_id) continue;  // an orphan, which may find its link one day
        const PlainEvent event{.id = id,
                               .is_sale = told->kind == "purchase",
                               .amount = told->amount,
                               .currency = told->currency,
                               .converted = told->converted_amount,
                               .invoice = told->invoice_id.value_or(""),
                               .link = *owner->link_id,
                               .partner = owner->partner_id.value_or(""),
                               .customer = owner->customer_id.value_or(""),
                               .at_ms = told->occurred_at_ms};
        books_.events.push_back(event);
        did(event.is_sale ? Deed::Sale : Deed::Lead);
        if (event.is_sale && !event.converted) did(Deed::SaleWithoutRate);
        expect(!event.is_sale || event.converted.has_value() == has_rate,
               "a sale was converted without a rate, or not with one");
        expect_credit(tx, event);
    }
}

void RandomProgram::expect_credit(Tx& tx, const PlainEvent& event) {
    auto expected = books_.credit(event, tx.now_ms());
    std::optional<Commission> found;
    for (const auto& commission : commissions_of_conversion(tx, workspace_id_, event.id)) {
        if (books_.find_commission(commission.commission_id) == nullptr) found = commission;
    }
    const auto text = [](std::string_view partner, std::int64_t amount, std::int64_t earnings) {
        return fmt::format("{} earns {} with {}", partner, earnings, amount);
    };
    const auto expected_text =
        expected ? text(expected->partner, expected->amount, expected->earnings) : "nothing";
    const auto found_text =
        found ? text(found->partner_id, found->amount, found->earnings) : "nothing";
    tell("    {} {}: {} {}", event.id, event.partner, found ? found->commission_id : "",
         found_text);
    expect(expected_text == found_text,
           fmt::format("{}: expected {}, found {}", event.id, expected_text, found_text));
    if (!expected || !found) return;
    if (!expected->modifier.empty()) did(Deed::ModifierPaid);
    if (found->description) did(Deed::LimitReached);
    expect(expected->matures_at_ms == found->matures_at_ms, "matures at another time");
    expect(expected->modifier == found->modifier_id, "another modifier paid");
    expected->id = found->commission_id;
    books_.commissions.push_back(*expected);
}

void RandomProgram::tell_lead() {
    TrackLead lead;
    lead.customer.external_id = fmt::format("c{}", below(5));
    lead.click_id = one_of(clicks_);
    lead.event_name = one_in(4) ? "Demo" : "Sign up";
    tell("lead of {} by click {}", lead.customer.external_id, lead.click_id);
    if (!act([&](Tx& tx) { return track_lead(tx, lead); })) tell("    refused");
    absorb();
}

void RandomProgram::tell_sale() {
    constexpr std::array<std::int64_t, 6> kAmounts{1, 2, 99, 333, 10'000, 4'999};
    TrackSale sale;
    sale.customer.external_id = fmt::format("c{}", below(5));
    sale.click_id = one_of(clicks_);
    sale.amount = one_in(2) ? one_of(kAmounts) : between(1, 20'000);
    sale.currency = one_in(5) ? options_.rare_currency : one_in(4) ? "eur" : "usd";
    if (one_in(2)) sale.invoice_id = fmt::format("inv{}", below(6));
    tell("sale of {}: {} {} invoice {}", sale.customer.external_id, sale.amount, sale.currency,
         sale.invoice_id.value_or("none"));
    const auto known = books_.events.size();
    const auto told = act([&](Tx& tx) { return track_sale(tx, sale); });
    absorb();
    if (told && told->sale && known == books_.events.size()) did(Deed::SaleToldAgain);
}

void RandomProgram::tell_manual_sale() {
    SaleCommission input;
    input.whose.partner_id = fmt::format("pn_{}", between(1, 3));
    input.whose.customer = NewCustomer{fmt::format("c{}", below(5)), {}, {}, {}};
    input.whose.at_ms = env_.now_ms() - between(0, 40) * kDayMs;
    input.sale.amount = between(1, 20'000);
    if (one_in(6)) input.sale.currency = options_.rare_currency;
    if (one_in(3)) input.sale.invoice_id = fmt::format("inv{}", below(6));
    tell("sale by hand for {} of {}: {} {} invoice {}", input.whose.partner_id,
         input.whose.customer->external_id, input.sale.amount, input.sale.currency,
         input.sale.invoice_id.value_or("none"));
    if (act([&](Tx& tx) { return create_sale_commission(tx, input); })) did(Deed::ManualSale);
    absorb();
}

void RandomProgram::tell_custom() {
    CustomCommission input;
    input.partner_id = fmt::format("pn_{}", between(1, 3));
    input.amount = one_in(2) ? -between(1, 800) : between(1, 5'000);
    input.decided_by = "user_1";
    const auto made = act([&](Tx& tx) { return create_custom_commission(tx, input); });
    HW_ASSERT(made);
    did(Deed::Custom);
    PlainCommission plain;
    plain.id = made->commission_id;
    plain.partner = input.partner_id;
    plain.kind = "custom";
    plain.earnings = input.amount;
    plain.at_ms = plain.matures_at_ms = made->occurred_at_ms;
    books_.commissions.push_back(plain);
    tell("{} by hand for {}: {}", plain.id, plain.partner, plain.earnings);
}

std::string RandomProgram::some_payment() {
    std::vector<const PlainEvent*> sales;
    for (const auto& event : books_.events) {
        if (event.is_sale) sales.push_back(&event);
    }
    // What follows a payment is what is hard.
    for (const auto& commission : books_.commissions) {
        if (commission.kind != "sale" || one_in(2)) continue;
        const bool was_paid = books_.standing(commission, env_.now_ms()).was_paid;
        if (was_paid) sales.assign(1, books_.find_event(commission.event));
    }
    if (sales.empty() || one_in(6)) return invoice_alias(fmt::format("inv{}", below(6)));
    const auto& sale = *one_of(sales);
    const bool by_invoice = !sale.invoice.empty() && one_in(2);
    return by_invoice ? invoice_alias(sale.invoice) : conversion_alias(sale.id);
}

void RandomProgram::tell_refund() {
    ToldRefund refund{some_payment(), fmt::format("re_{}", below(3)), between(1, 3'000), ""};
    const auto sale = std::ranges::find_if(books_.events, [&](const PlainEvent& event) {
        return refund.payment == conversion_alias(event.id) ||
               (!event.invoice.empty() && refund.payment == invoice_alias(event.invoice));
    });
    if (sale == books_.events.end()) {
        did(Deed::RefundBeforeSale);
    } else {
        const std::array<std::int64_t, 4> parts{sale->amount, (sale->amount + 2) / 3,
                                                sale->amount / 2 + 1, sale->amount + 100};
        if (!one_in(4)) refund.amount = one_of(parts);
        if (refund.amount > sale->amount) did(Deed::RefundTooMuch);
        if (one_in(2)) refund.currency = sale->currency;
    }
    if (one_in(8)) refund.currency = "jpy";
    const auto told = std::ranges::find_if(books_.refunds, [&](const ToldRefund& other) {
        return other.payment == refund.payment && other.key == refund.key;
    });
    const bool is_new = told == books_.refunds.end();
    if (!is_new && one_in(2)) refund = *told;
    const bool is_other =
        !is_new && (told->amount != refund.amount || told->currency != refund.currency);
    tell("refund {} of {}: {} {}", refund.key, refund.payment, refund.amount, refund.currency);
    const auto done = act([&](Tx& tx) {
        return record_refund(
            tx, {workspace_id_, refund.payment, refund.key, refund.amount, refund.currency, "", 0});
    });
    expect(done.has_value() == !is_other, "a refund told otherwise is a conflict, else none");
    if (done) expect(done->is_new == is_new, "a refund told again is not new");
    if (is_new) books_.refunds.push_back(refund);
    did(is_new ? Deed::Refund : is_other ? Deed::RefundToldOtherwise : Deed::RefundToldAgain);
}

void RandomProgram::tell_dispute() {
    constexpr std::array<std::string_view, 5> kStates{"open", "open", "won", "won", "lost"};
    const ToldDispute dispute{some_payment(), fmt::format("dp_{}", below(2)),
                              std::string(one_of(kStates))};
    tell("dispute {} of {} {}", dispute.key, dispute.payment, dispute.state);
    const auto done = act([&](Tx& tx) -> Result<RecordedDispute> {
        return record_dispute(
            tx, {workspace_id_, dispute.payment, dispute.key, dispute.state, tx.now_ms()});
    });
    HW_ASSERT(done);
    books_.disputes.push_back(dispute);
    did(Deed::Dispute);
}

void RandomProgram::move_conversion() {
    if (books_.events.empty()) return;
    auto at = below(books_.events.size());
    auto to = below(links_.size());
    // Back to whom it was taken from, now and then.
    for (const auto& commission : books_.commissions) {
        const auto* event = books_.find_event(commission.event);
        if (event == nullptr || event->partner == commission.partner || one_in(2)) continue;
        at = static_cast<std::size_t>(event - books_.events.data());
        to = static_cast<std::size_t>(commission.partner.back() - '1');
    }
    auto& event = books_.events[at];
    const auto& link_id = links_[to];
    tell("{} moves from {} to {}", event.id, event.link, link_id);
    const auto done = act([&](Tx& tx) {
        return reattribute_conversion(tx, {event.id, link_id, "looked at", "user_1"});
    });
    expect(done.has_value(), "a conversion could not be moved");
    if (!done) return;
    expect(done->changed == (event.link != link_id), "moved to where it was");
    if (!done->changed) return;
    did(Deed::Moved);
    event.link = link_id;
    event.partner = to < 3 ? fmt::format("pn_{}", to + 1) : "";
    const bool is_back = std::ranges::any_of(books_.commissions, [&](const auto& commission) {
        return commission.event == event.id && commission.partner == event.partner;
    });
    if (is_back) did(Deed::MovedBack);
    Tx tx(connection_, env_, workspace_id_);
    expect_credit(tx, event);
}

// As the fraud rules do, whatever the commission's state.
void RandomProgram::review_by_rules(PlainCommission& commission, const std::string& verdict) {
    tell("{} is reviewed: {}", commission.id, verdict);
    const auto done = act([&](Tx& tx) -> Result<bool> {
        const auto stored = find_commission(tx, workspace_id_, commission.id);
        insert_commission_review(tx, *stored, {verdict, {}, {}, "looked at", "rules"});
        settle_commission(tx, *stored, "review");
        return true;
    });
    HW_ASSERT(done);
    commission.reviews.push_back({verdict, 0, {}});
    did(Deed::Reviewed);
}

void RandomProgram::review() {
    constexpr std::array<std::string_view, 7> kVerdicts{"hold",  "hold",     "none",     "none",
                                                        "fraud", "canceled", "duplicate"};
    if (books_.commissions.empty()) return;
    auto& commission = one_of(books_.commissions);
    const auto verdict = std::string(one_of(kVerdicts));
    if (verdict == "hold" || one_in(2)) return review_by_rules(commission, verdict);
    UpdateCommission input;
    input.commission_id = commission.id;
    input.status = verdict == "none" ? "pending" : verdict;
    input.decided_by = "user_1";
    const auto before = books_.standing(commission, env_.now_ms());
    const bool is_allowed = !before.was_paid && before.status != *input.status;
    tell("{} is to be {}", commission.id, *input.status);
    const auto done = act([&](Tx& tx) { return update_commission(tx, input); });
    expect(done.has_value() == is_allowed, "a decision that is possible is taken, no other");
    if (done) commission.reviews.push_back({verdict, 0, {}});
    did(done ? Deed::Reviewed : Deed::ReviewRefused);
}

void RandomProgram::amend() {
    if (books_.commissions.empty()) return;
    auto& commission = one_of(books_.commissions);
    UpdateCommission input;
    input.commission_id = commission.id;
    input.decided_by = "user_1";
    PlainReview review{"amended", PartnerBooks::whole_amount(commission), {}};
    const auto kind = below(3);
    if (kind == 0) {
        review.amount = *(input.sale_amount = between(0, 20'000));
    } else if (kind == 1) {
        input.modify_sale_amount = between(-5'000, 5'000);
        review.amount = std::max<std::int64_t>(review.amount + *input.modify_sale_amount, 0);
    } else {
        review.earnings = input.earnings = between(0, 4'000);
    }
    const bool is_sale = commission.kind == "sale";
    if (is_sale && kind < 2) review.earnings = books_.earnings_for(commission, review.amount);
    const bool is_allowed =
        (is_sale || kind == 2) && !books_.standing(commission, env_.now_ms()).was_paid;
    tell("{} amended: sale {} earns {}", commission.id, review.amount,
         review.earnings.value_or(-1));
    const auto done = act([&](Tx& tx) { return update_commission(tx, input); });
    expect(done.has_value() == is_allowed, "an amendment that is possible is made, no other");
    if (!done) return;
    commission.reviews.push_back(review);
    if (is_sale && kind < 2 && review.amount == 0)
        commission.reviews.push_back({"refunded", 0, {}});
    did(Deed::Amended);
}

void RandomProgram::make_payouts() {
    CreatePayouts input;
    input.program_id = "prog_1";
    input.decided_by = "user_1";
    if (one_in(2)) input.partner_id = fmt::format("pn_{}", between(1, 3));
    const auto done = act([&](Tx& tx) { return create_payouts(tx, input); });
    HW_ASSERT(done);
    auto expected = books_.collect(min_payout_, env_.now_ms());
    if (input.partner_id) {
        std::erase_if(expected, [&](const auto& one) { return one.first != *input.partner_id; });
    }
    expect(done->payouts.size() == expected.size(), "another number of payouts");
    for (const auto& payout : done->payouts) {
        PlainPayout plain{payout.payout_id, payout.partner_id, "pending", {}};
        Tx tx(connection_, env_, workspace_id_);
        std::int64_t sum = 0;
        for (const auto& item : items_of_payout(tx, workspace_id_, payout.payout_id)) {
            plain.items[item.commission_id] = item.amount;
            sum += item.amount;
            if (item.amount < 0) did(Deed::CarriedOver);
        }
        tell("payout {} of {} for {}", payout.payout_id, payout.amount, payout.partner_id);
        expect(sum == payout.amount && plain.items == expected[payout.partner_id],
               "payout " + payout.payout_id + " has other items");
        books_.payouts.push_back(plain);
        did(Deed::PayoutMade);
    }
}

void RandomProgram::move_a_payout() {
    constexpr std::array<std::string_view, 7> kLadder{
        "pending", "processing", "processed", "sent", "completed", "failed", "canceled"};
    if (books_.payouts.empty()) return;
    auto& payout = one_of(books_.payouts);
    const auto to = std::string(one_in(3) ? one_of(kLadder) : kLadder[4]);
    const auto rank = [&](const std::string& status) {
        return std::ranges::find(kLadder, status) - kLadder.begin();
    };
    const bool is_over = payout.status == "failed" || payout.status == "canceled";
    const bool is_step = to == "canceled" ? payout.status == "pending"
                         : to == "failed" ? payout.status != "pending"
                                          : rank(to) > rank(payout.status);
    const bool is_same = payout.status == to;
    bool is_fresh = true;
    if (payout.status == "pending" && rank(to) >= 1 && rank(to) <= 4) {
        for (const auto& [id, amount] : payout.items) {
            const auto& commission = *books_.find_commission(id);
            is_fresh = is_fresh && books_.standing(commission, env_.now_ms()).payable == amount;
        }
    }
    tell("payout {} from {} to {}", payout.id, payout.status, to);
    const auto done = act([&](Tx& tx) {
        return move_payout(tx, {.payout_id = payout.id, .status = to, .decided_by = "user_1"});
    });
    const bool is_possible = is_same || (!is_over && is_step && is_fresh);
    expect(done.has_value() == is_possible, "a payout moves where it can, and nowhere else");
    if (done) expect(done->changed == !is_same, "a payout that is there does not move");
    if (done) payout.status = to;
    did(done ? Deed::PayoutMoved : is_fresh ? Deed::PayoutStepRefused : Deed::PayoutOutOfDate);
}

void RandomProgram::pass_time() {
    env_.advance_ms(between(1, one_in(2) ? 40 : 2) * kDayMs);
    tell("{}", date_text(env_.now_ms()));
    if (one_in(3)) check_books();  // what came due is not posted yet
    const auto settled =
        act([](Tx& tx) -> Result<std::string> { return settle_matured(tx, "", kSeveral); });
    HW_ASSERT(settled);
    if (!one_in(3)) return;
    const auto sealed =
        act([](Tx& tx) -> Result<std::int64_t> { return seal_ledger(tx, kSeveral); });
    HW_ASSERT(sealed);
}

}  // namespace hw
