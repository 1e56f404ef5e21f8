// SPDX-License-Identifier: Apache-2.0
#include "core/client_health.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "core/decide_conversion.hpp"
#include "store/conversion_health.hpp"

namespace hw {
namespace {

constexpr std::int64_t kWeekMs = 7 * kDayMs;

SalesOfSpan sales_since(Tx& tx, std::int64_t from_ms) {
    SalesOfSpan span;
    for (const auto& outcome : count_sale_outcomes(tx, from_ms)) {
        if (counts_nowhere(outcome.rung)) continue;
        span.sales += outcome.count;
        if (outcome.confidence == "inferred") span.inferred += outcome.count;
        if (outcome.rung != "orphan") continue;
        span.orphans += outcome.count;
        span.orphans_by_reason[outcome.reason] += outcome.count;
    }
    return span;
}

std::optional<std::int64_t> time_of_last(const std::vector<RecentConversion>& last) {
    return last.empty() ? std::nullopt : std::optional(last.front().occurred_at_ms);
}

// The reason that most of them have.
std::string main_reason(const SalesOfSpan& span) {
    const auto most = std::ranges::max_element(span.orphans_by_reason, {},
                                               [](const auto& entry) { return entry.second; });
    return most == span.orphans_by_reason.end() ? "" : most->first;
}

std::string span_text(std::string_view name, const SalesOfSpan& span) {
    auto text = fmt::format("  {}: {} sales, {} orphans, {} inferred\n", name, span.sales,
                            span.orphans, span.inferred);
    for (const auto& [reason, count] : span.orphans_by_reason) {
        text += fmt::format("    orphans because {}: {}\n", reason, count);
    }
    return text;
}

}  // namespace

HealthVerdict judge_health(const HealthFacts& facts, std::int64_t now_ms) {
    const auto last = std::max(facts.last_sale_at_ms, facts.last_lead_at_ms);
    const auto& [day, week] = std::tie(facts.day, facts.week);
    if (!last) {
        return {"not_working", "no_conversion",
                "No conversion was told yet. GET /setup/checklist shows what is missing."};
    }
    if (week.sales > 0 && week.orphans == week.sales) {
        return {"not_working", "all_orphans",
                fmt::format("None of the {} sales of the last 7 days belongs to a link; most often "
                            "because {}. GET /admin/diagnose-sale tells more about one.",
                            week.sales, main_reason(week))};
    }
    if (*last < now_ms - kWeekMs) {
        return {"issues", "silent",
                fmt::format("No conversion was told since {}.", time_text(*last))};
    }
    if (facts.inbox && facts.inbox->failed > 0) {
        return {
            "issues", "webhooks_failing",
            fmt::format("{} payment webhooks failed in the last 24 hours.", facts.inbox->failed)};
    }
    if (day.orphans * 5 > day.sales) {
        return {"issues", "orphans_24h",
                fmt::format("{} of the {} sales of the last 24 hours belong to no link; most often "
                            "because {}. POST /orphans/fix shows what can be repaired.",
                            day.orphans, day.sales, main_reason(day))};
    }
    if (week.inferred * 2 > week.sales) {
        return {"issues", "mostly_inferred",
                fmt::format("Nothing proves the link of {} of the {} sales of the last 7 days: "
                            "pass the click id (cookie dub_id) to the checkout.",
                            week.inferred, week.sales)};
    }
    return {"working", "attributed", "Conversions arrive and belong to links."};
}

ClientHealth client_health(Tx& tx) {
    auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    HealthFacts facts;
    facts.last_sale_at_ms = time_of_last(list_recent_sales(tx, 1));
    facts.last_lead_at_ms = time_of_last(list_recent_leads(tx, 1));
    facts.day = sales_since(tx, tx.now_ms() - kDayMs);
    facts.week = sales_since(tx, tx.now_ms() - kWeekMs);
    facts.inbox = inbox_health(tx);
    auto verdict = judge_health(facts, tx.now_ms());
    return {std::move(*workspace), std::move(facts), std::move(verdict)};
}

std::string health_text(const ClientHealth& health) {
    const auto& facts = health.facts;
    const auto last = std::max(facts.last_sale_at_ms, facts.last_lead_at_ms);
    auto text = fmt::format("{:<20} {} ({}): {}\n", health.workspace.slug, health.verdict.status,
                            health.verdict.rule, health.verdict.message);
    text += fmt::format("  last conversion: {}\n", last ? time_text(*last) : "never");
    text += span_text("last 24 hours", facts.day) + span_text("last 7 days", facts.week);
    return text;
}

}  // namespace hw
