// SPDX-License-Identifier: Apache-2.0
#include "core/client_health.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

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

// Signatures are refused beyond 300 s: there is time to set the clock.
constexpr std::int64_t kSkewTold = 150;

std::optional<HealthVerdict> judge_inbox(const InboxHealth& inbox, std::int64_t now_ms) {
    if (inbox.failed > 0) {
        return HealthVerdict{
            "issues", "webhooks_failing",
            fmt::format("{} payment webhooks failed in the last 24 hours{}.", inbox.failed,
                        inbox.last_failure ? ", the last because " + inbox.last_failure->reason
                                           : std::string{})};
    }
    const auto skew_s = inbox.clock_skew_ms.value_or(0) / kSecondMs;
    if (std::abs(skew_s) > kSkewTold) {
        return HealthVerdict{
            "issues", "clock_skew",
            fmt::format("The last payment webhook came {} s {} it was signed; from 300 s on they "
                        "are refused. Set the clock of this server.",
                        std::abs(skew_s), skew_s > 0 ? "after" : "before")};
    }
    const bool is_old = inbox.verified_at_ms && *inbox.verified_at_ms < now_ms - kWeekMs;
    if (is_old && !inbox.without_payments.empty()) {
        return HealthVerdict{
            "issues", "events_missing",
            fmt::format("Webhooks of {} arrive for more than 7 days, and none tells of a payment. "
                        "Never seen: {}. Select these events where the webhook is set up.",
                        fmt::join(inbox.without_payments, ", "), never_seen_text(inbox))};
    }
    return std::nullopt;
}

std::string inbox_text(const InboxHealth& inbox) {
    const auto when = [](const std::optional<std::int64_t>& at_ms) {
        return at_ms ? time_text(*at_ms) : std::string("never");
    };
    auto text = fmt::format(
        "  payment webhooks: last {}; last 24 hours: {} waiting, {} dead, {} "
        "set aside\n",
        when(inbox.last_delivery_at_ms), inbox.waiting, inbox.dead, inbox.set_aside);
    text +=
        fmt::format("    last 7 days: {} deliveries, {} of them again{}{}\n",
                    inbox.repeats.deliveries + inbox.repeats.duplicates, inbox.repeats.duplicates,
                    inbox.clock_skew_ms ? fmt::format("; clock skew {} ms", *inbox.clock_skew_ms)
                                        : std::string{},
                    inbox.api_version.empty() ? "" : "; API version " + inbox.api_version);
    if (inbox.last_failure) {
        text += fmt::format("    last failure: {} because {}\n",
                            time_text(inbox.last_failure->at_ms), inbox.last_failure->reason);
    }
    const auto never_seen = never_seen_text(inbox);
    if (!never_seen.empty()) text += fmt::format("    never seen: {}\n", never_seen);
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
    if (facts.inbox) {
        auto verdict = judge_inbox(*facts.inbox, now_ms);
        if (verdict) return std::move(*verdict);
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
    if (facts.inbox) text += inbox_text(*facts.inbox);
    return text;
}

}  // namespace hw
