// SPDX-License-Identifier: Apache-2.0
#include "core/credit_clicks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "core/assess_commission.hpp"
#include "core/earning_terms.hpp"
#include "core/run_workflows.hpp"
#include "core/scan_events.hpp"
#include "core/settle_commission.hpp"
#include "store/idempotency.hpp"
#include "store/links.hpp"
#include "store/outbox.hpp"
#include "store/partner_clicks.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

// Days are answered like requests that may be told twice.
constexpr std::string_view kScope = "credit_clicks";

// A workspace that is older, and new to this, begins with the day that is now.
constexpr std::int64_t kFirstDaysMax = 7;

constexpr std::size_t kLinksAtOnce = 100;  // of one transaction

using Countries = std::map<std::string, std::int64_t>;  // clicks of each

struct LinkDay {
    std::string link_id;
    std::int64_t day_ms = 0;
    Countries countries;
};

std::int64_t last_final_day(std::int64_t now_ms) {
    return start_of_day_ms(now_ms - kDayFinalAfterMs) - kDayMs;
}

std::optional<RewardFact> fact_of(Tx& tx, const Partner& partner, const std::string& country,
                                  const RewardCondition& condition) {
    if (condition.entity == "partner") return partner_fact(tx, partner, condition.attribute);
    if (condition.entity != "customer" || condition.attribute != "country") return std::nullopt;
    return country == "Unknown" ? std::nullopt : std::optional(RewardFact{country, false});
}

// What the clicks pay together; the modifier is named when it paid for all of them.
Earned earned_by(Tx& tx, const EarningTerms& terms, const Countries& countries) {
    Earned all;
    bool is_first = true;
    for (const auto& [country, clicks] : countries) {
        const RewardedLine line{.product_id = {}, .amount = 0, .quantity = clicks};
        const auto facts = [&](const RewardCondition& condition) {
            return fact_of(tx, terms.partner, country, condition);
        };
        const auto earned = evaluate_reward(terms.reward, line, facts);
        if (__builtin_add_overflow(all.earnings, earned.earnings, &all.earnings)) {
            all.earnings = std::numeric_limits<std::int64_t>::max();
        }
        all.modifier_id =
            is_first || all.modifier_id == earned.modifier_id ? earned.modifier_id : std::string{};
        all.max_duration_months = earned.max_duration_months;
        is_first = false;
    }
    return all;
}

Commission commission_of(Tx& tx, const LinkDay& day, const EarningTerms& terms,
                         const Earned& earned) {
    const auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    Commission commission;
    commission.workspace_id = tx.workspace_id();
    commission.commission_id = tx.new_id("cm_");
    commission.program_id = terms.group.program_id;
    commission.partner_id = terms.partner.partner_id;
    commission.kind = "click";
    commission.link_id = day.link_id;
    commission.invoice_id = fmt::format("{}-{}", day.link_id, date_text(day.day_ms));
    commission.reward_id = terms.reward.reward_id;
    commission.modifier_id = earned.modifier_id;
    commission.max_duration_months = earned.max_duration_months;
    commission.quantity = 0;
    for (const auto& [country, clicks] : day.countries) commission.quantity += clicks;
    commission.earnings = earned.earnings;
    commission.currency = workspace->currency;
    // The day's last moment, so that limits of a day or a month count it where it belongs.
    commission.occurred_at_ms = day.day_ms + kDayMs - 1;
    commission.matures_at_ms = commission.occurred_at_ms + terms.group.holding_period_days * kDayMs;
    commission.created_at_ms = tx.now_ms();
    return commission;
}

void credit_link(Tx& tx, const LinkDay& day) {
    const auto link = find_link(tx, tx.workspace_id(), day.link_id);
    if (!link) return;
    const auto terms = earning_terms(tx, *link, "click");
    if (!terms) return;
    const auto earned = earned_by(tx, *terms, day.countries);
    auto commission = commission_of(tx, day, *terms, earned);
    commission.earnings = within_limit(tx, terms->reward, commission);
    if (commission.earnings == 0) return;
    if (commission.earnings < earned.earnings) {
        commission.description = limit_note(commission.earnings, earned.earnings);
    }
    const auto key = fmt::format("click:{}:{}", day.link_id, date_text(day.day_ms));
    if (claim_commission_key(tx, tx.workspace_id(), key, commission.commission_id)) return;
    insert_commission(tx, commission);
    const bool is_held =
        assess_commission(tx, {.commission = commission, .partner = terms->partner});
    settle_commission(tx, commission, "accrual");
    append_outbox(tx, "commission.created", commission.commission_id);
    if (is_held) return;
    run_workflows(tx, {.trigger = "commissionRecorded",
                       .program_id = commission.program_id,
                       .partner_id = commission.partner_id});
}

void answer(Tx& tx, std::int64_t day_ms) {
    const auto day = date_text(day_ms);
    if (!claim_key(tx, kScope, day, "")) store_answer(tx, kScope, day, 200, "");
}

// Where a workspace begins of which no day was credited yet.
std::optional<std::int64_t> first_day(Tx& tx, std::int64_t last_ms) {
    const auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    const auto day_ms = start_of_day_ms(workspace->created_at_ms);
    if (day_ms > last_ms) return std::nullopt;
    if (last_ms - day_ms < kFirstDaysMax * kDayMs) return day_ms;
    answer(tx, last_ms);
    return std::nullopt;
}

Result<std::optional<std::int64_t>> next_day(Tx& tx) {
    const auto last_ms = last_final_day(tx.now_ms());
    const auto done = last_answered_key(tx, kScope);
    if (!done) return first_day(tx, last_ms);
    const auto day_ms = HW_TRY(parse_date(*done)) + kDayMs;
    return day_ms <= last_ms ? std::optional(day_ms) : std::nullopt;
}

// One workspace's days, one after the other.
class Crediting {
  public:
    Crediting(Db& db, const std::string& workspace_id) : db_(db), workspace_id_(workspace_id) {}

    Result<void> credit(std::int64_t day_ms) {
        if (HW_TRY(pays_for_clicks())) {
            const auto links = HW_TRY(read_day(day_ms));
            HW_CHECK(credit_links(links));
        }
        HW_TRY(db_.write_now<bool>(workspace_id_, [&](Tx& tx) -> Result<bool> {
            answer(tx, day_ms);
            return true;
        }));
        return {};
    }

  private:
    Result<bool> pays_for_clicks() {
        return db_.read_now<bool>(workspace_id_, [](Tx& tx) -> Result<bool> {
            for (const auto& program : list_programs(tx, tx.workspace_id())) {
                for (const auto& group : list_groups(tx, tx.workspace_id(), program.program_id)) {
                    if (group.click_reward_id) return true;
                }
            }
            return false;
        });
    }

    // Hour by hour, so that no statement is long.
    Result<std::vector<LinkDay>> read_day(std::int64_t day_ms) {
        std::map<std::string, Countries> found;
        for (auto hour_ms = day_ms; hour_ms < day_ms + kDayMs; hour_ms += kHourMs) {
            const auto hour = HW_TRY(db_.read_now<std::vector<PartnerClicks>>(
                workspace_id_, [&](Tx& tx) -> Result<std::vector<PartnerClicks>> {
                    const auto to_ms = hour_ms + kHourMs;
                    return partner_clicks(tx, {.from_ms = hour_ms,
                                               .to_ms = to_ms,
                                               .after = lower_id("", hour_ms),
                                               .before = upper_id("", to_ms)});
                }));
            for (const auto& row : hour) found[row.link_id][row.country] += row.clicks;
        }
        std::vector<LinkDay> days;
        for (auto& [link_id, countries] : found) {
            days.push_back({link_id, day_ms, std::move(countries)});
        }
        return days;
    }

    Result<void> credit_links(const std::vector<LinkDay>& links) {
        for (std::size_t from = 0; from < links.size(); from += kLinksAtOnce) {
            const auto to = std::min(from + kLinksAtOnce, links.size());
            HW_TRY(db_.write_now<bool>(workspace_id_, [&](Tx& tx) -> Result<bool> {
                for (auto at = from; at < to; ++at) credit_link(tx, links[at]);
                return true;
            }));
        }
        return {};
    }

    Db& db_;
    const std::string& workspace_id_;
};

}  // namespace

Result<std::size_t> credit_clicks(Db& db, const std::string& workspace_id, std::size_t at_most) {
    Crediting crediting(db, workspace_id);
    std::size_t count = 0;
    while (count < at_most) {
        const auto day_ms =
            HW_TRY(db.write_now<std::optional<std::int64_t>>(workspace_id, next_day));
        if (!day_ms) break;
        HW_CHECK(crediting.credit(*day_ms));
        ++count;
    }
    return count;
}

}  // namespace hw
