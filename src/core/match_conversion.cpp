// SPDX-License-Identifier: Apache-2.0
#include "core/match_conversion.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "store/discount_codes.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

constexpr std::string_view kTaken = "taken";

// A candidate before it is judged.
struct Found {
    std::optional<Touch> touch{};
    std::optional<std::string> link_id{};
    std::optional<std::string> lead_id{};
    std::string missing{};  // why there is less than expected, for example "click_not_found"
};

// Reads what the rungs need, each row once.
class Facts {
  public:
    Facts(Tx& tx, const MatchInput& input) : tx_(tx), input_(input) {}

    const MatchInput& input() const { return input_; }
    Tx& tx() { return tx_; }

    const std::optional<Link>& link(const std::string& link_id) {
        const auto known = links_.find(link_id);
        if (known != links_.end()) return known->second;
        return links_[link_id] = find_link(tx_, tx_.workspace_id(), link_id);
    }

    const std::optional<Touch>& touch(const std::string& touch_id) {
        const auto known = touches_.find(touch_id);
        if (known != touches_.end()) return known->second;
        return touches_[touch_id] = find_touch(tx_, tx_.workspace_id(), touch_id);
    }

  private:
    Tx& tx_;
    const MatchInput& input_;
    std::map<std::string, std::optional<Link>> links_;
    std::map<std::string, std::optional<Touch>> touches_;
};

std::vector<Found> by_click_id(Facts& facts) {
    const auto told = facts.input().told_click_id;
    if (told.empty()) return {};
    Found found;
    found.touch = facts.touch(std::string(told));
    if (found.touch) {
        found.link_id = found.touch->link_id;
    } else {
        found.missing = "click_not_found";
    }
    return {std::move(found)};
}

// The clicks that are known to be this customer's: the first one and that of the latest lead.
std::vector<Touch> clicks_of_customer(Facts& facts) {
    const auto* customer = facts.input().customer;
    if (customer == nullptr) return {};
    std::vector<Touch> clicks;
    const auto add = [&](const std::optional<std::string>& touch_id) {
        if (!touch_id) return;
        const auto& touch = facts.touch(*touch_id);
        const auto same = [&](const Touch& known) { return known.touch_id == *touch_id; };
        if (touch && std::ranges::none_of(clicks, same)) clicks.push_back(*touch);
    };
    add(customer->touch_id);
    const auto lead = find_attributed_lead(facts.tx(), facts.tx().workspace_id(),
                                           customer->customer_id, std::nullopt);
    if (lead) add(lead->touch_id);
    return clicks;
}

// The customer's clicks on the links of that key, then the links themselves, the primary domain's
// first.
std::vector<Found> by_link_slug(Facts& facts) {
    const auto slug = facts.input().told_link_slug;
    if (slug.empty()) return {};
    const auto clicks = clicks_of_customer(facts);
    const auto key = fold_key(slug);
    std::vector<Found> found;
    for (const auto& domain : list_domains(facts.tx(), facts.tx().workspace_id())) {
        const auto link = find_link_by_key(facts.tx(), facts.tx().workspace_id(), domain.slug, key);
        if (!link) continue;
        for (const auto& click : clicks) {
            if (click.link_id != link->link_id) continue;
            found.push_back({.touch = click, .link_id = link->link_id});
        }
        found.push_back({.link_id = link->link_id});
    }
    if (found.empty()) found.push_back({.missing = "link_not_found"});
    return found;
}

std::vector<Found> by_lead(Facts& facts) {
    const auto* customer = facts.input().customer;
    if (customer == nullptr) return {};
    const auto lead = find_attributed_lead(facts.tx(), facts.tx().workspace_id(),
                                           customer->customer_id, facts.input().lead_event_name);
    if (!lead) return {{.missing = "lead_not_found"}};
    Found found{.link_id = lead->link_id, .lead_id = lead->lead_id};
    if (lead->touch_id) found.touch = facts.touch(*lead->touch_id);
    return {std::move(found)};
}

std::vector<Found> by_customer(Facts& facts) {
    const auto* customer = facts.input().customer;
    if (customer == nullptr) return {};
    if (!customer->link_id) return {{.missing = "customer_without_link"}};
    Found found{.link_id = customer->link_id};
    if (customer->touch_id) found.touch = facts.touch(*customer->touch_id);
    return {std::move(found)};
}

// The link that a partner's discount code stands for.
std::vector<Found> by_code(Facts& facts) {
    const auto told = facts.input().told_code;
    if (told.empty()) return {};
    const auto code = find_discount_code_by_code(facts.tx(), facts.tx().workspace_id(), told);
    if (!code) return {{.missing = "code_not_found"}};
    Found found{.link_id = code->link_id};
    if (code->disabled_at_ms) found.missing = "code_disabled";
    return {std::move(found)};
}

struct Rung {
    std::string_view name;
    std::string_view confidence;
    std::optional<std::int64_t> window_ms;  // from touch to conversion; nothing: no window
    bool follows_lead;                      // still decides when follow_lead_only is set
    std::vector<Found> (*find)(Facts&);
};

// Latest click first, then the greatest id; what has no click comes last, in the order it was
// found.
bool comes_before(const Found& a, const Found& b) {
    if (!a.touch || !b.touch) return a.touch && !b.touch;
    if (a.touch->at_ms != b.touch->at_ms) return a.touch->at_ms > b.touch->at_ms;
    return a.touch->touch_id > b.touch->touch_id;
}

// In order. The first rung with a candidate that stands decides. A day of a window is always
// 86,400 s of UTC, never a calendar day.
constexpr std::array<Rung, 5> kLadder{{
    {"click_id", "certain", std::nullopt, false, by_click_id},
    {"link_slug", "certain", 60 * kDayMs, false, by_link_slug},
    {"lead", "certain", std::nullopt, true, by_lead},
    {"customer", "certain", std::nullopt, false, by_customer},
    {"code", "certain", std::nullopt, false, by_code},
}};

// Why the candidate cannot be taken by its rung; empty when it can.
std::string rejection(Facts& facts, const Rung& rung, const Found& found) {
    if (!found.missing.empty()) return found.missing;
    if (!found.link_id) return "link_not_found";
    const auto& link = facts.link(*found.link_id);
    if (!link) return "link_not_found";
    if (found.touch) {
        if (found.touch->bot) return "bot";
        const auto age = facts.input().occurred_at_ms - found.touch->at_ms;
        if (age < -limits::kClockSkewMs) return "after_conversion";
        if (rung.window_ms && age > *rung.window_ms) return "outside_window";
    }
    if (link->disabled_at_ms) return "link_disabled";
    return {};
}

void record(Match& match, const Rung& rung, const Found& found, std::string verdict) {
    if (match.candidates.size() >= limits::kCandidatesRecordedMax) {
        ++match.candidates_left_out;
        if (verdict != kTaken) return;
        match.candidates.pop_back();  // the one that decided is always on record
    }
    Candidate candidate{.rung = std::string(rung.name),
                        .verdict = std::move(verdict),
                        .touch_id = std::nullopt,
                        .link_id = found.link_id,
                        .touched_at_ms = std::nullopt,
                        .lead_id = found.lead_id};
    if (found.touch) {
        candidate.touch_id = found.touch->touch_id;
        candidate.touched_at_ms = found.touch->at_ms;
    }
    match.candidates.push_back(std::move(candidate));
}

// What becomes of a candidate that nothing speaks against.
std::string_view standing(const Match& match, const Rung& rung) {
    if (match.orphan()) return kTaken;
    return match.rung == rung.name ? "not_first" : "lower_rung";
}

void take(Facts& facts, Match& match, const Rung& rung, const Found& found) {
    match.rung = rung.name;
    match.confidence = rung.confidence;
    match.window_ms = rung.window_ms;
    match.touch = found.touch;
    match.link = facts.link(*found.link_id);
}

}  // namespace

Match match_conversion(Tx& tx, const MatchInput& input) {
    Facts facts(tx, input);
    Match match;
    std::string first_reason;
    for (const auto& rung : kLadder) {
        const bool decides = rung.follows_lead || !input.follow_lead_only;
        auto candidates = rung.find(facts);
        std::ranges::stable_sort(candidates, comes_before);
        for (const auto& found : candidates) {
            auto verdict = rejection(facts, rung, found);
            if (!verdict.empty() && decides && first_reason.empty()) first_reason = verdict;
            if (verdict.empty()) verdict = decides ? standing(match, rung) : "known_customer";
            if (verdict == kTaken) take(facts, match, rung, found);
            record(match, rung, found, std::move(verdict));
        }
    }
    if (match.orphan()) {
        match.rung = "orphan";
        match.reason = first_reason.empty() ? "no_customer_and_no_click" : first_reason;
    }
    return match;
}

Attribution attribution_of(Tx& tx, const Match& match, std::string_view conversion_id,
                           std::int64_t seq) {
    Attribution attribution;
    attribution.workspace_id = tx.workspace_id();
    attribution.conversion_id = conversion_id;
    attribution.seq = seq;
    attribution.rung = match.rung;
    attribution.confidence = match.confidence;
    if (match.touch) attribution.touch_id = match.touch->touch_id;
    if (match.link) {
        attribution.link_id = match.link->link_id;
        attribution.partner_id = match.link->partner_id;
    }
    attribution.window_ms = match.window_ms;
    attribution.rule_version = kRuleVersion;
    attribution.decided_at_ms = tx.now_ms();
    attribution.reason = match.reason;
    attribution.candidates = match.candidates;
    attribution.candidates_left_out = match.candidates_left_out;
    return attribution;
}

}  // namespace hw
