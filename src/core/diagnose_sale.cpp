// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose_sale.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "core/attribution_policy.hpp"
#include "core/decide_conversion.hpp"
#include "core/ladder.hpp"
#include "core/sale_findings.hpp"

namespace hw {
namespace {

std::string meaning_of(const Candidate& candidate, const EffectiveRung& rung) {
    const auto& verdict = candidate.verdict;
    if (verdict == "outside_window") {
        const auto days = rung.window_ms.value_or(0) / kDayMs;
        return fmt::format("the click is older than the {} days of this rung", days);
    }
    constexpr std::pair<std::string_view, std::string_view> kMeanings[] = {
        {"taken", "this one decides"},
        {"suggested", "would be it once a person accepts it: nothing proves that it was the same"},
        {"lower_rung", "a rung above it decided"},
        {"not_first", "the same rung has one that comes before it"},
        {"known_customer", "a sale told by API for a known customer follows that customer's lead"},
        {"bot", "a bot clicked, not a person"},
        {"after_conversion", "the click came after the sale"},
        {"link_disabled", "the link was disabled when the sale happened"},
        {"link_not_found", "no link of the workspace goes by this"},
        {"click_not_found", "no click of the workspace has this id"},
        {"lead_not_found", "the customer had no lead that belongs to a link"},
        {"customer_without_link", "no link brought the customer"},
        {"code_not_found", "no discount code of the workspace reads like this"},
        {"code_disabled", "the discount code was disabled when the sale happened"},
    };
    for (const auto& [name, meaning] : kMeanings) {
        if (name == verdict) return std::string(meaning);
    }
    return verdict;
}

// What of the rules the trace itself does not tell.
struct Rules {
    AttributionPolicy policy;
    bool may_infer = false;
    bool follow_lead_only = false;
};

std::string outcome_of(const DiagnosedRung& rung, const Rules& rules, const Match& match) {
    const auto has = [&](std::string_view verdict) {
        return std::ranges::any_of(rung.candidates, [&](const DiagnosedCandidate& one) {
            return one.candidate.verdict == verdict;
        });
    };
    if (has("taken")) return "taken";
    if (has("suggested")) return "suggested";
    if (!rung.candidates.empty()) return "rejected";
    const auto same = std::ranges::find(ladder(), rung.name, &Rung::name);
    if (same->proof == Proof::Person && rules.follow_lead_only) return "not_tried";
    if (same->proof != Proof::None) return "nothing_found";
    const bool tried = rules.may_infer && !rules.follow_lead_only && match.orphan() &&
                       rules.policy.inferred != InferredMatch::Off;
    return tried ? "nothing_found" : "not_tried";
}

std::vector<DiagnosedRung> rungs_of(const Match& match, const Rules& rules) {
    std::vector<DiagnosedRung> rungs;
    for (const auto& effective : effective_ladder(rules.policy)) {
        DiagnosedRung rung{.name = std::string(effective.name),
                           .confidence = std::string(effective.confidence),
                           .window_ms = effective.window_ms,
                           .outcome = "off"};
        for (const auto& candidate : match.candidates) {
            if (candidate.rung != effective.name) continue;
            rung.candidates.push_back({candidate, meaning_of(candidate, effective)});
        }
        if (effective.enabled) rung.outcome = outcome_of(rung, rules, match);
        rungs.push_back(std::move(rung));
    }
    return rungs;
}

SaleDiagnosis diagnose_link(Tx& tx, const std::string& slug) {
    Rules rules{.policy = find_attribution_policy(tx, tx.workspace_id()),
                .may_infer = true,
                .follow_lead_only = false};
    SaleDiagnosis diagnosis;
    diagnosis.match = match_conversion(tx, {.occurred_at_ms = tx.now_ms(),
                                            .told_link_slug = slug,
                                            .policy = rules.policy,
                                            .may_infer = rules.may_infer});
    diagnosis.rungs = rungs_of(diagnosis.match, rules);
    diagnosis.findings = findings_of_link(tx, slug, diagnosis.match);
    return diagnosis;
}

Result<Conversion> find_sale(Tx& tx, const DiagnoseSale& input) {
    auto id = std::optional(input.conversion_id);
    if (!input.invoice_id.empty()) {
        id = find_payment_alias(tx, tx.workspace_id(), "invoice:" + input.invoice_id);
    }
    auto sale = id ? find_conversion(tx, tx.workspace_id(), *id) : std::nullopt;
    if (!sale) {
        const bool by_invoice = !input.invoice_id.empty();
        return fail(ErrorCode::NotFound,
                    fmt::format("There is no {} {}: it was never told to this workspace, or under "
                                "another id. GET /track/log shows what was told.",
                                by_invoice ? "invoice" : "conversion",
                                by_invoice ? input.invoice_id : input.conversion_id),
                    "conversion_not_found");
    }
    if (sale->kind != "lead") return std::move(*sale);
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("Conversion {} is a lead; name a sale. GET /conversions/{{id}}/explain "
                            "tells about leads too.",
                            sale->conversion_id),
                "conversion_is_lead");
}

SaleDiagnosis diagnose_conversion(Tx& tx, Conversion sale) {
    const auto preview = preview_decision(tx, sale.conversion_id);
    const Rules rules{.policy = find_attribution_policy(tx, tx.workspace_id()),
                      .may_infer = preview.may_infer,
                      .follow_lead_only = preview.follow_lead_only};
    SaleDiagnosis diagnosis;
    diagnosis.standing = find_attribution(tx, tx.workspace_id(), sale.conversion_id);
    diagnosis.match = preview.match;
    diagnosis.rungs = rungs_of(preview.match, rules);
    diagnosis.conversion = std::move(sale);
    diagnosis.findings = findings_of_sale(tx, {.sale = *diagnosis.conversion,
                                               .standing = diagnosis.standing,
                                               .now = preview,
                                               .policy = rules.policy});
    return diagnosis;
}

std::string match_text(const Match& match) {
    if (match.orphan()) return fmt::format("nothing matches, because {}", match.reason);
    return fmt::format("rung {}, confidence {}, link {} (https://{}/{}){}", match.rung,
                       match.confidence, match.link->link_id, match.link->domain, match.link->key,
                       match.touch ? ", click " + match.touch->touch_id : "");
}

}  // namespace

Result<SaleDiagnosis> diagnose_sale(Tx& tx, const DiagnoseSale& input) {
    const int named = (input.link_slug.empty() ? 0 : 1) + (input.invoice_id.empty() ? 0 : 1) +
                      (input.conversion_id.empty() ? 0 : 1);
    if (named != 1) {
        return fail(
            ErrorCode::UnprocessableEntity,
            fmt::format("Name one of linkSlug, invoiceId and conversionId; {} were named.", named),
            "nothing_to_diagnose");
    }
    if (!input.link_slug.empty()) return diagnose_link(tx, input.link_slug);
    auto sale = HW_TRY(find_sale(tx, input));
    return diagnose_conversion(tx, std::move(sale));
}

std::string diagnosis_text(const SaleDiagnosis& diagnosis) {
    std::string text;
    if (diagnosis.conversion) {
        const auto& sale = *diagnosis.conversion;
        text += fmt::format("{} {} at {}\n", sale.kind, sale.conversion_id,
                            time_text(sale.occurred_at_ms));
    }
    text += fmt::format("decided now: {}\n", match_text(diagnosis.match));
    for (const auto& rung : diagnosis.rungs) {
        text += fmt::format("  {:<14} {}\n", rung.name, rung.outcome);
        for (const auto& [candidate, meaning] : rung.candidates) {
            text += fmt::format("    {}: {}{}{}\n", candidate.verdict, meaning,
                                candidate.touch_id ? ", click " + *candidate.touch_id : "",
                                candidate.link_id ? ", link " + *candidate.link_id : "");
        }
    }
    for (const auto& finding : diagnosis.findings) {
        text += fmt::format("{} {}: {}\n", finding.is_problem ? "problem" : "note", finding.code,
                            finding.message);
        if (!finding.fix.empty()) text += fmt::format("  fix: {}\n", finding.fix);
    }
    return text;
}

}  // namespace hw
