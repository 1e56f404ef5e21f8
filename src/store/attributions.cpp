// SPDX-License-Identifier: Apache-2.0
#include "store/attributions.hpp"

#include <boost/json.hpp>

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertAttribution{"insert_attribution", R"sql(
insert into attributions (workspace_id, conversion_id, seq, rung, confidence, customer_id,
    touch_id, link_id, partner_id, window_ms, rule_version, decided_by, decided_at_ms, reason,
    evidence, inferred_link_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
)sql"};

const Query kFindAttribution{"find_attribution", R"sql(
select workspace_id, conversion_id, seq, rung, confidence, customer_id, touch_id, link_id,
    partner_id, window_ms, rule_version, decided_by, decided_at_ms, reason, evidence,
    inferred_link_id
from attributions where workspace_id = $1 and conversion_id = $2 order by seq desc limit 1
)sql"};

const Query kListAttributions{"list_attributions", R"sql(
select workspace_id, conversion_id, seq, rung, confidence, customer_id, touch_id, link_id,
    partner_id, window_ms, rule_version, decided_by, decided_at_ms, reason, evidence,
    inferred_link_id
from attributions where workspace_id = $1 and conversion_id = $2 order by seq
)sql"};

const Query kFindAttributedLead{"find_attributed_lead", R"sql(
select c.conversion_id, c.event_name, a.touch_id, a.link_id
from conversions c join attributions a
    on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
where c.workspace_id = $1 and c.customer_id = $2 and c.kind = 'lead'
    and (cast($3 as text) is null or c.event_name = $3) and c.occurred_at_ms <= $4
order by c.conversion_id desc, a.seq desc limit 1
)sql"};

const Query kFindLeadAfter{"find_lead_after", R"sql(
select c.conversion_id, c.event_name, a.touch_id, a.link_id
from conversions c join attributions a
    on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
where c.workspace_id = $1 and c.customer_id = $2 and c.kind = 'lead'
    and (cast($3 as text) is null or c.event_name = $3) and c.occurred_at_ms > $4
order by c.conversion_id, a.seq desc limit 1
)sql"};

json::value text_or_null(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}

std::optional<std::string> text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string(value->as_string());
}

// {"candidates":[{"rung","verdict","touchId","linkId","touchedAtMs","leadId"}],"leftOut":n}
std::string evidence_json(const Attribution& attribution) {
    json::array candidates;
    for (const auto& candidate : attribution.candidates) {
        candidates.push_back(json::object{
            {"rung", candidate.rung},
            {"verdict", candidate.verdict},
            {"touchId", text_or_null(candidate.touch_id)},
            {"linkId", text_or_null(candidate.link_id)},
            {"touchedAtMs", candidate.touched_at_ms ? json::value(*candidate.touched_at_ms)
                                                    : json::value(nullptr)},
            {"leadId", text_or_null(candidate.lead_id)}});
    }
    return json::serialize(json::object{{"candidates", std::move(candidates)},
                                        {"leftOut", attribution.candidates_left_out}});
}

void read_evidence(std::string_view text, Attribution& attribution) {
    const auto evidence = json::parse(text).as_object();
    for (const auto& item : evidence.at("candidates").as_array()) {
        const auto& object = item.as_object();
        Candidate candidate{.rung = text_of(object, "rung").value_or(""),
                            .verdict = text_of(object, "verdict").value_or(""),
                            .touch_id = text_of(object, "touchId"),
                            .link_id = text_of(object, "linkId"),
                            .touched_at_ms = std::nullopt,
                            .lead_id = text_of(object, "leadId")};
        if (const auto& at = object.at("touchedAtMs"); at.is_int64()) {
            candidate.touched_at_ms = at.as_int64();
        }
        attribution.candidates.push_back(std::move(candidate));
    }
    attribution.candidates_left_out = evidence.at("leftOut").as_int64();
}

Attribution attribution_from(const Row& row) {
    Attribution a;
    a.workspace_id = row.text(0);
    a.conversion_id = row.text(1);
    a.seq = row.int64(2);
    a.rung = row.text(3);
    a.confidence = row.text(4);
    a.customer_id = row.optional_text(5);
    a.touch_id = row.optional_text(6);
    a.link_id = row.optional_text(7);
    a.partner_id = row.optional_text(8);
    a.window_ms = row.optional_int64(9);
    a.rule_version = row.int64(10);
    a.decided_by = row.text(11);
    a.decided_at_ms = row.int64(12);
    a.reason = row.text(13);
    read_evidence(row.view(14), a);
    a.inferred_link_id = row.optional_text(15);
    return a;
}

}  // namespace

void insert_attribution(Tx& tx, const Attribution& a) {
    tx.exec(kInsertAttribution, a.workspace_id, a.conversion_id, a.seq, a.rung, a.confidence,
            a.customer_id, a.touch_id, a.link_id, a.partner_id, a.window_ms, a.rule_version,
            a.decided_by, a.decided_at_ms, a.reason, evidence_json(a), a.inferred_link_id);
}

std::optional<Attribution> find_attribution(Tx& tx, std::string_view workspace_id,
                                            std::string_view conversion_id) {
    return tx.first(kFindAttribution, attribution_from, workspace_id, conversion_id);
}

std::optional<AttributedLead> find_attributed_lead(Tx& tx, std::string_view workspace_id,
                                                   std::string_view customer_id,
                                                   const std::optional<std::string>& event_name,
                                                   std::int64_t at_ms) {
    const auto lead_from = [](const Row& row) {
        return AttributedLead{row.text(0), row.text(1), row.optional_text(2), row.optional_text(3)};
    };
    auto lead =
        tx.first(kFindAttributedLead, lead_from, workspace_id, customer_id, event_name, at_ms);
    if (lead) return lead;
    return tx.first(kFindLeadAfter, lead_from, workspace_id, customer_id, event_name, at_ms);
}

std::vector<Attribution> list_attributions(Tx& tx, std::string_view workspace_id,
                                           std::string_view conversion_id) {
    return tx.all(kListAttributions, attribution_from, workspace_id, conversion_id);
}

}  // namespace hw
