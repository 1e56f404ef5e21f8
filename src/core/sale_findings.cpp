// SPDX-License-Identifier: Apache-2.0
#include "core/sale_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "core/decide_conversion.hpp"
#include "core/ladder.hpp"
#include "store/conversion_evidence.hpp"
#include "store/conversion_health.hpp"
#include "store/domains.hpp"

namespace hw {
namespace {

using Findings = std::vector<SaleFinding>;

void problem(Findings& findings, std::string code, std::string message, std::string fix) {
    findings.push_back({std::move(code), true, std::move(message), std::move(fix)});
}

void note(Findings& findings, std::string code, std::string message, std::string fix) {
    findings.push_back({std::move(code), false, std::move(message), std::move(fix)});
}

std::string name_of(const Link& link) {
    return fmt::format("https://{}/{}", link.domain, display_key(link.key));
}

void find_clicks(Tx& tx, const Link& link, Findings& findings) {
    const auto touches = count_recent_touches(tx, link.link_id, limits::kTouchesLookedAtMax);
    if (touches.people > 0) return;
    const bool ever = link_totals(tx, tx.workspace_id(), link.link_id).clicks > 0;
    if (touches.bots > 0 && !ever) {
        note(findings, "bot_clicks_only",
             fmt::format("Only bots have clicked {} so far: {} clicks, the last at {}.",
                         name_of(link), touches.bots, time_text(touches.last_at_ms)),
             "Open the link in a browser. A visit that counts as a bot's comes from a crawler, a "
             "preview or a data centre.");
    } else if (!ever) {
        note(findings, "no_click_yet",
             fmt::format("Nobody has clicked {} yet: a sale that names its key goes to the link "
                         "all the same, without a click.",
                         name_of(link)),
             "Open the link once, and look whether the click arrives: GET /events.");
    }
}

void find_link_state(Tx& tx, const Link& link, Findings& findings) {
    if (link.disabled_at_ms) {
        problem(findings, "link_disabled",
                fmt::format("Link {} was disabled at {}: sales since then are not attributed to "
                            "it.",
                            name_of(link), time_text(*link.disabled_at_ms)),
                "Enable the link again, or send visitors over another one.");
    }
    if (link.expires_at_ms && *link.expires_at_ms <= tx.now_ms()) {
        problem(findings, "link_expired",
                fmt::format("Link {} expired at {}: its visitors are sent elsewhere.",
                            name_of(link), time_text(*link.expires_at_ms)),
                "Set a later expiresAt, or none.");
    }
    if (!link.track_conversion) {
        problem(findings, "conversion_tracking_off",
                fmt::format("Conversion tracking is off for {}: the shop is not told the click id "
                            "of its visitors.",
                            name_of(link)),
                fmt::format("PATCH /links/{} with {{\"trackConversion\": true}}.", link.link_id));
    }
    find_clicks(tx, link, findings);
}

void find_partner(const Match& match, Findings& findings) {
    if (!match.link || match.link->partner_id) return;
    note(findings, "no_partner",
         fmt::format("Link {} belongs to no partner: nobody earns a commission by it.",
                     name_of(*match.link)),
         "Nothing, if it is a link of your own; else give it to a partner.");
}

void find_proof(const Match& match, Findings& findings) {
    if (match.is_inferred()) {
        note(findings, "inferred",
             fmt::format("Nothing proves that the buyer came over {}: it is the workspace's most "
                         "recent click. The sale is reported by itself and pays nothing.",
                         name_of(*match.link)),
             "Pass the click id (cookie dub_id) to the checkout, or accept the match: POST "
             "/orphans/fix with acceptInferred, or POST /conversions/{id}/attribution.");
    } else if (match.suggested) {
        problem(findings, "suggested",
                fmt::format("Only a match without proof was found: {} is suggested.",
                            name_of(*match.suggested)),
                "Accept it with POST /orphans/fix and acceptInferred, or pass the click id (cookie "
                "dub_id) to the checkout.");
    }
}

bool has_rejected(const Match& match, std::string_view verdict) {
    return std::ranges::any_of(
        match.candidates, [&](const Candidate& candidate) { return candidate.verdict == verdict; });
}

void find_final(const Attribution& standing, Findings& findings) {
    if (standing.rung == kManualRung) {
        note(findings, "decided_by_person",
             fmt::format("{} decided about this sale at {}: the ladder does not touch it.",
                         standing.decided_by, time_text(standing.decided_at_ms)),
             "POST /conversions/{id}/attribution decides otherwise.");
    } else if (standing.rung == kVoidRung) {
        problem(findings, "counted_elsewhere",
                fmt::format("This payment was told more than once and is counted under another "
                            "conversion ({}).",
                            standing.reason),
                "Look at that conversion.");
    } else if (standing.rung == kTestRung) {
        note(findings, "test_mode",
             "This payment was made in test mode: it is kept, never counted and never paid.",
             "Make a payment in live mode.");
    }
}

void find_evidence(Tx& tx, const DiagnosedSale& diagnosed, Findings& findings) {
    const auto& sale = diagnosed.sale;
    const bool told = !sale.told_click_id.empty() || !sale.told_code.empty() ||
                      !evidence_of(tx, sale.conversion_id).empty();
    if (!told && !diagnosed.now.customer) {
        problem(
            findings, "no_evidence",
            "The sale told neither a click id, nor a link key, nor a code, nor a customer.",
            "Put the click id (cookie dub_id) or link_slug into the metadata of the payment, or "
            "send customerExternalId.");
    } else if (!diagnosed.now.customer) {
        problem(findings, "no_customer",
                "The sale names no customer that the workspace knows: nothing links it to a lead.",
                "Send the same customerExternalId as with the lead, or track the lead before the "
                "sale.");
    } else if (has_rejected(diagnosed.now.match, "lead_not_found")) {
        problem(findings, "no_lead",
                fmt::format("Customer {} has no lead that belongs to a link.",
                            diagnosed.now.customer->external_id),
                "Track the lead with its click id when the customer signs up: POST /track/lead.");
    }
}

void find_rejections(const Match& match, const AttributionPolicy& policy, Findings& findings) {
    constexpr std::string_view kPass = "Pass the cookie dub_id as it is, all 16 characters.";
    if (has_rejected(match, "click_not_found")) {
        problem(findings, "click_not_found",
                "The click id that was told is of no click of this workspace.", std::string(kPass));
    }
    if (has_rejected(match, "outside_window")) {
        problem(findings, "outside_window", "A click was found, and it is too old for its rung.",
                "PATCH /attribution/policy sets longer windows; POST /attribution/replay decides "
                "the past again.");
    }
    if (has_rejected(match, "code_not_found")) {
        problem(findings, "code_not_found",
                "The discount code that was told belongs to no partner.",
                "POST /discount-codes gives it to one.");
    }
    if (has_rejected(match, "link_disabled")) {
        problem(findings, "link_disabled",
                "The link that was found was disabled when the sale happened.",
                "Give the sale to another link: POST /conversions/{id}/attribution.");
    }
    if (has_rejected(match, "link_not_found")) {
        problem(findings, "link_not_found", "The link key that was told is of no link.",
                "Correct link_slug in the metadata of the payment, or create that link.");
    }
    for (const auto& [name, setting] : policy.rungs) {
        if (setting.enabled) continue;
        note(findings, "rung_off", fmt::format("Rung {} is switched off.", name),
             "PATCH /attribution/policy switches it on.");
    }
}

}  // namespace

Findings findings_of_link(Tx& tx, const std::string& slug, const Match& match) {
    Findings findings;
    const auto links = links_of_key(tx, slug);
    if (links.empty()) {
        std::string hosts;
        for (const auto& domain : list_domains(tx, tx.workspace_id())) {
            hosts.append(hosts.empty() ? "" : ", ").append(domain.slug);
        }
        problem(findings, "link_not_found",
                fmt::format("No link has the key '{}' on a domain of the workspace ({}).", slug,
                            hosts.empty() ? "it has none" : hosts),
                "Correct link_slug in the metadata of the payment, or create that link.");
    }
    for (const auto& link : links) find_link_state(tx, link, findings);
    find_partner(match, findings);
    find_proof(match, findings);
    return findings;
}

Findings findings_of_sale(Tx& tx, const DiagnosedSale& diagnosed) {
    Findings findings;
    const auto& match = diagnosed.now.match;
    if (diagnosed.standing) find_final(*diagnosed.standing, findings);
    if (match.orphan() || match.is_inferred()) {
        find_evidence(tx, diagnosed, findings);
        find_rejections(match, diagnosed.policy, findings);
    }
    find_partner(match, findings);
    find_proof(match, findings);
    const auto& standing = diagnosed.standing;
    const bool moved = standing && !is_final(*standing) &&
                       (standing->rung != match.rung || standing->confidence != match.confidence);
    if (moved) {
        problem(findings, "decided_before",
                fmt::format("The decision that stands is of rung {}; now it would be {}.",
                            standing->rung, match.rung),
                "POST /orphans/fix or POST /attribution/replay decides it again.");
    }
    return findings;
}

}  // namespace hw
