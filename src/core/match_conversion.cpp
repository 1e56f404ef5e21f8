// SPDX-License-Identifier: Apache-2.0
#include "core/match_conversion.hpp"

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "core/ladder.hpp"

namespace hw {
namespace {

constexpr std::string_view kTaken = "taken";
constexpr std::string_view kSuggested = "suggested";
constexpr std::string_view kOutsideWindow = "outside_window";

std::string_view id_of(const Found& found) {
    return found.touch ? std::string_view(found.touch->touch_id) : std::string_view{};
}

// The order of candidates of one rung: latest touch first, then the greatest id; what has no touch
// comes last, in the order it was found.
bool is_later(const Found& a, const Found& b) {
    if (!a.at_ms() || !b.at_ms()) return a.at_ms() && !b.at_ms();
    if (*a.at_ms() != *b.at_ms()) return *a.at_ms() > *b.at_ms();
    return id_of(a) > id_of(b);
}

// The same for who pays the first touch.
bool is_earlier(const Found& a, const Found& b) {
    if (!a.at_ms() || !b.at_ms()) return a.at_ms() && !b.at_ms();
    if (*a.at_ms() != *b.at_ms()) return *a.at_ms() < *b.at_ms();
    return id_of(a) < id_of(b);
}

// The rung as the workspace has set it.
struct Step {
    const Rung& rung;
    RungSetting setting;
    bool decides;
};

Step step_of(const MatchInput& input, const Rung& rung) {
    return {.rung = rung,
            .setting = setting_of(input.policy, rung),
            .decides = rung.proof == Proof::Lead || !input.follow_lead_only};
}

// Rungs that could not decide anyway are left out where they cost a look at many touches.
bool is_tried(const MatchInput& input, const Match& match, const Step& step) {
    if (!step.setting.enabled) return false;
    if (step.rung.proof == Proof::Person) return step.decides;
    if (step.rung.proof != Proof::None) return true;
    return step.decides && input.may_infer && input.policy.inferred != InferredMatch::Off &&
           match.orphan();
}

// Why the candidate cannot be taken by its rung; empty when it can.
std::string rejection(LadderFacts& facts, const Step& step, const Found& found) {
    if (!found.missing.empty()) return found.missing;
    if (!found.link_id) return "link_not_found";
    const auto& link = facts.link(*found.link_id);
    if (!link) return "link_not_found";
    if (found.touch && found.touch->bot) return "bot";
    if (const auto at_ms = found.at_ms()) {
        const auto age = facts.input().occurred_at_ms - *at_ms;
        if (age < -limits::kClockSkewMs) return "after_conversion";
        if (step.setting.window_ms && age > *step.setting.window_ms) {
            return std::string(kOutsideWindow);
        }
    }
    // As it was then: what happened to the link since does not move what it earned.
    const bool was_disabled =
        link->disabled_at_ms && *link->disabled_at_ms <= facts.input().occurred_at_ms;
    if (was_disabled) return "link_disabled";
    return {};
}

void record(Match& match, const Rung& rung, const Found& found, std::string verdict) {
    if (match.candidates.size() >= limits::kCandidatesRecordedMax) {
        ++match.candidates_left_out;
        if (verdict != kTaken && verdict != kSuggested) return;
        match.candidates.pop_back();  // the one that decided is always on record
    }
    Candidate candidate{.rung = std::string(rung.name),
                        .verdict = std::move(verdict),
                        .touch_id = std::nullopt,
                        .link_id = found.link_id,
                        .touched_at_ms = found.at_ms(),
                        .lead_id = found.lead_id};
    if (found.touch) candidate.touch_id = found.touch->touch_id;
    match.candidates.push_back(std::move(candidate));
}

// What becomes of a candidate that nothing speaks against.
std::string_view standing(const MatchInput& input, const Match& match, const Step& step) {
    if (!step.decides) return "known_customer";
    const bool only_suggests =
        step.rung.proof == Proof::None && input.policy.inferred == InferredMatch::Suggest;
    if (only_suggests) return match.suggested ? "lower_rung" : kSuggested;
    if (match.orphan()) return kTaken;
    return match.rung == step.rung.name ? "not_first" : "lower_rung";
}

void take(LadderFacts& facts, Match& match, const Step& step, const Found& found) {
    match.rung = step.rung.name;
    match.confidence = step.rung.confidence;
    const bool pays = facts.input().policy.inferred == InferredMatch::AttributeAndPay;
    if (step.rung.proof == Proof::None && pays) match.confidence = kAcceptedConfidence;
    match.window_ms = step.setting.window_ms;
    match.touch = found.touch;
    match.link = facts.link(*found.link_id);
}

std::string orphan_reason(const Match& match, std::string first_reason) {
    if (match.suggested) return "inferred_match_suggested";
    return first_reason.empty() ? "no_customer_and_no_click" : std::move(first_reason);
}

}  // namespace

Match match_conversion(Tx& tx, const MatchInput& input) {
    LadderFacts facts(tx, input);
    Match match;
    std::string first_reason;
    // A touch that a rung above has looked at is no news, unless it was only too old for that one.
    std::set<std::string> known;
    for (const auto& rung : ladder()) {
        const auto step = step_of(input, rung);
        if (!is_tried(input, match, step)) continue;
        auto candidates = rung.find(facts);
        std::ranges::stable_sort(candidates, input.policy.first_touch ? is_earlier : is_later);
        for (const auto& found : candidates) {
            const bool repeats = rung.proof == Proof::Person || rung.proof == Proof::None;
            if (repeats && found.touch && known.contains(found.touch->touch_id)) continue;
            auto verdict = rejection(facts, step, found);
            if (!verdict.empty() && step.decides && first_reason.empty()) first_reason = verdict;
            if (verdict.empty()) verdict = standing(input, match, step);
            if (found.touch && verdict != kOutsideWindow) known.insert(found.touch->touch_id);
            if (verdict == kTaken) take(facts, match, step, found);
            if (verdict == kSuggested) match.suggested = facts.link(*found.link_id);
            record(match, rung, found, std::move(verdict));
        }
    }
    if (match.orphan()) {
        match.rung = "orphan";
        match.reason = orphan_reason(match, std::move(first_reason));
    }
    match.seen_keys = facts.seen_keys();
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
    if (match.is_inferred()) {
        attribution.inferred_link_id = match.link->link_id;
    } else if (match.link) {
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
