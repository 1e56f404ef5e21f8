// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose_sale.hpp"

#include "api/diagnose_sale.hpp"
#include "api/json_text.hpp"
#include "api/query.hpp"
#include "api/track_body.hpp"
#include "base/civil_time.hpp"

namespace hw::api {
namespace {

json::object candidate_json(const DiagnosedCandidate& diagnosed) {
    const auto& candidate = diagnosed.candidate;
    return {{"verdict", candidate.verdict},
            {"meaning", diagnosed.meaning},
            {"clickId", text_or_null(candidate.touch_id)},
            {"clickedAt", time_or_null(candidate.touched_at_ms)},
            {"linkId", text_or_null(candidate.link_id)},
            {"leadId", text_or_null(candidate.lead_id)}};
}

json::object rung_json(const DiagnosedRung& rung) {
    json::array candidates;
    for (const auto& candidate : rung.candidates) candidates.push_back(candidate_json(candidate));
    return {{"name", rung.name},
            {"confidence", rung.confidence},
            {"outcome", rung.outcome},
            {"windowDays", rung.window_ms ? json::value(*rung.window_ms / kDayMs) : json::value()},
            {"candidates", std::move(candidates)}};
}

json::object finding_json(const SaleFinding& finding) {
    return {{"code", finding.code},
            {"severity", finding.is_problem ? "problem" : "note"},
            {"message", finding.message},
            {"fix", finding.fix}};
}

json::object match_json(const Match& match) {
    return {{"rung", match.rung},
            {"confidence", match.confidence},
            {"counts", match.counts()},
            {"reason", match.reason},
            {"clickId", match.touch ? json::value(match.touch->touch_id) : json::value()},
            {"link", link_summary(match.link)},
            {"suggestedLink", link_summary(match.suggested)}};
}

json::value standing_json(const std::optional<Attribution>& standing) {
    if (!standing) return nullptr;
    return json::object{{"rung", standing->rung},
                        {"confidence", standing->confidence},
                        {"linkId", text_or_null(standing->link_id)},
                        {"inferredLinkId", text_or_null(standing->inferred_link_id)},
                        {"decidedBy", standing->decided_by},
                        {"decidedAt", time_or_null(standing->decided_at_ms)}};
}

Answer answer_of(const SaleDiagnosis& diagnosis) {
    json::array rungs;
    for (const auto& rung : diagnosis.rungs) rungs.push_back(rung_json(rung));
    json::array findings;
    for (const auto& finding : diagnosis.findings) findings.push_back(finding_json(finding));
    const auto& sale = diagnosis.conversion;
    return json_answer(json_text(
        json::object{{"conversionId", sale ? json::value(sale->conversion_id) : json::value()},
                     {"match", match_json(diagnosis.match)},
                     {"standing", standing_json(diagnosis.standing)},
                     {"rungs", std::move(rungs)},
                     {"findings", std::move(findings)},
                     {"text", diagnosis_text(diagnosis)}}));
}

}  // namespace

Result<Work> diagnose_sale(const Call& call) {
    const auto query = call.request.query;
    DiagnoseSale input;
    input.link_slug = HW_TRY(query_text(query, "linkSlug")).value_or("");
    input.invoice_id = HW_TRY(query_text(query, "invoiceId")).value_or("");
    input.conversion_id = HW_TRY(query_text(query, "conversionId")).value_or("");
    return Work{Work::Mode::Scan, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto diagnosis = HW_TRY(hw::diagnose_sale(tx, input));
                    return answer_of(diagnosis);
                }};
}

}  // namespace hw::api
