// SPDX-License-Identifier: Apache-2.0
#include "core/explain_conversion.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "base/money.hpp"
#include "core/read_journeys.hpp"

namespace hw {
namespace {

std::string amount_text(const Conversion& c) {
    if (c.currency.empty()) return "";
    auto text = fmt::format(" of {} {}", format_minor(c.amount, c.currency), c.currency);
    if (c.fx_rate && c.converted_amount) {
        text += fmt::format(", {} {} at {} of {}",
                            format_minor(*c.converted_amount, *c.converted_currency),
                            *c.converted_currency, *c.fx_rate, c.fx_date.value_or("?"));
    } else if (!c.converted_amount) {
        text += ", not converted yet: no rate is known (fx_missing)";
    }
    return text;
}

std::string candidate_text(const Candidate& candidate) {
    auto text = fmt::format("  {:<12} {}", candidate.rung, candidate.verdict);
    if (candidate.lead_id) text += "  lead " + *candidate.lead_id;
    if (candidate.touch_id) text += "  click " + *candidate.touch_id;
    if (candidate.touched_at_ms) text += " at " + time_text(*candidate.touched_at_ms);
    if (candidate.link_id) text += "  link " + *candidate.link_id;
    return text + "\n";
}

std::string decision_text(const Attribution& decision) {
    auto text =
        fmt::format("decision {} at {} by {} (rules {}): ", decision.seq,
                    time_text(decision.decided_at_ms), decision.decided_by, decision.rule_version);
    if (decision.rung == "orphan") {
        text += fmt::format("orphan, because {}\n", decision.reason);
    } else {
        const auto& link_id = decision.link_id ? decision.link_id : decision.inferred_link_id;
        text += fmt::format("rung {}, confidence {}, link {}{}\n", decision.rung,
                            decision.confidence, link_id.value_or("?"),
                            decision.touch_id ? ", click " + *decision.touch_id : "");
    }
    for (const auto& candidate : decision.candidates) text += candidate_text(candidate);
    if (decision.candidates_left_out > 0) {
        text += fmt::format("  and {} more candidates\n", decision.candidates_left_out);
    }
    return text;
}

std::string touch_text(std::string_view which, const std::optional<JourneyTouch>& touch) {
    if (!touch) return "";
    return fmt::format("{} touch: {} {} at {} from {} ({})\n", which, touch->kind, touch->touch_id,
                       time_text(touch->at_ms), touch->source, touch->channel);
}

}  // namespace

Result<Explanation> explain_conversion(Tx& tx, std::string_view id) {
    auto conversion = find_conversion(tx, tx.workspace_id(), id);
    if (!conversion) {
        const auto named = find_payment_alias(tx, tx.workspace_id(), fmt::format("invoice:{}", id));
        if (named) conversion = find_conversion(tx, tx.workspace_id(), *named);
    }
    if (!conversion) {
        return fail(
            ErrorCode::NotFound,
            fmt::format("No conversion and no invoice has the id '{}' in this workspace.", id),
            "conversion_not_found");
    }
    Explanation explanation{.conversion = std::move(*conversion),
                            .decisions = {},
                            .customer = {},
                            .touch = {},
                            .link = {}};
    explanation.decisions =
        list_attributions(tx, tx.workspace_id(), explanation.conversion.conversion_id);
    HW_ASSERT(!explanation.decisions.empty());
    const auto& current = explanation.decisions.back();
    if (current.customer_id) {
        explanation.customer = find_customer(tx, tx.workspace_id(), *current.customer_id);
    }
    if (current.touch_id) {
        explanation.touch = find_touch(tx, tx.workspace_id(), *current.touch_id);
    }
    explanation.evidence = evidence_of(tx, explanation.conversion.conversion_id);
    const auto journey = find_journey(tx, explanation.conversion.conversion_id);
    if (journey && !journey->touches.empty()) {
        explanation.first_touch = journey->touches.front();
        explanation.last_touch = journey->touches.back();
    }
    if (current.link_id) explanation.link = find_link(tx, tx.workspace_id(), *current.link_id);
    return explanation;
}

std::string explanation_text(const Explanation& explanation) {
    const auto& c = explanation.conversion;
    auto text = fmt::format("{} {} \"{}\"{} at {}\n", c.kind, c.conversion_id, c.event_name,
                            amount_text(c), time_text(c.occurred_at_ms));
    if (explanation.customer) {
        text += fmt::format("customer {} ({})\n", explanation.customer->customer_id,
                            explanation.customer->external_id);
    }
    if (explanation.link) {
        text += fmt::format("link {} (https://{}/{})\n", explanation.link->link_id,
                            explanation.link->domain, explanation.link->key);
    }
    text += touch_text("first", explanation.first_touch);
    text += touch_text("last", explanation.last_touch);
    for (const auto& told : explanation.evidence) {
        text += fmt::format("told {} {}\n", told.kind, told.value);
    }
    for (const auto& decision : explanation.decisions) text += decision_text(decision);
    return text;
}

}  // namespace hw
