// SPDX-License-Identifier: Apache-2.0
#include "api/clients.hpp"

#include "api/json.hpp"
#include "core/client_health.hpp"
#include "core/setup_checklist.hpp"

namespace hw::api {
namespace {

json::object span_json(const SalesOfSpan& span) {
    json::array reasons;
    for (const auto& [reason, count] : span.orphans_by_reason) {
        reasons.push_back(json::object{{"reason", reason}, {"count", count}});
    }
    return {{"sales", span.sales},
            {"inferred", span.inferred},
            {"orphans", span.orphans},
            {"orphansByReason", std::move(reasons)}};
}

json::value inbox_json(const std::optional<InboxHealth>& inbox) {
    if (!inbox) return nullptr;
    json::array never_seen;
    for (const auto& event : inbox->never_seen) {
        never_seen.push_back(json::object{{"provider", event.provider}, {"event", event.type}});
    }
    const auto& failure = inbox->last_failure;
    const auto& version = inbox->api_version;
    return json::object{
        {"verifiedAt", time_or_null(inbox->verified_at_ms)},
        {"lastDeliveryAt", time_or_null(inbox->last_delivery_at_ms)},
        {"lastFailureAt", failure ? time_or_null(failure->at_ms) : json::value(nullptr)},
        {"lastFailureReason", failure ? json::value(failure->reason) : json::value(nullptr)},
        {"failed24h", inbox->failed},
        {"dead24h", inbox->dead},
        {"setAside24h", inbox->set_aside},
        {"waiting", inbox->waiting},
        {"deliveries7d", inbox->repeats.deliveries},
        {"duplicates7d", inbox->repeats.duplicates},
        {"clockSkewMs",
         inbox->clock_skew_ms ? json::value(*inbox->clock_skew_ms) : json::value(nullptr)},
        {"apiVersion", version.empty() ? json::value(nullptr) : json::value(version)},
        {"eventsNeverSeen", std::move(never_seen)}};
}

json::object client_json(const ClientHealth& health) {
    const auto& facts = health.facts;
    return {{"workspaceId", health.workspace.workspace_id},
            {"slug", health.workspace.slug},
            {"name", health.workspace.name},
            {"status", health.verdict.status},
            {"rule", health.verdict.rule},
            {"message", health.verdict.message},
            {"lastSaleAt", time_or_null(facts.last_sale_at_ms)},
            {"lastLeadAt", time_or_null(facts.last_lead_at_ms)},
            {"last24h", span_json(facts.day)},
            {"last7d", span_json(facts.week)},
            {"webhooks", inbox_json(facts.inbox)}};
}

}  // namespace

// A key belongs to one workspace, so there is one row; `headwater status` has them all.
Result<Work> list_clients(const Call&) {
    return Work{Work::Mode::Scan, [](Tx& tx) -> Result<Answer> {
                    json::array rows;
                    rows.push_back(client_json(client_health(tx)));
                    return json_answer(json::serialize(rows));
                }};
}

Result<Work> get_setup_checklist(const Call&) {
    return Work{Work::Mode::Scan, [](Tx& tx) -> Result<Answer> {
                    json::array steps;
                    for (const auto& step : setup_checklist(tx)) {
                        steps.push_back(json::object{{"name", step.name},
                                                     {"done", step.at_ms.has_value()},
                                                     {"at", time_or_null(step.at_ms)},
                                                     {"missing", step.missing}});
                    }
                    return json_answer(json::serialize(steps));
                }};
}

}  // namespace hw::api
