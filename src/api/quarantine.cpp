// SPDX-License-Identifier: Apache-2.0
#include "api/quarantine.hpp"

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"
#include "core/decide_quarantine.hpp"
#include "core/payment_connections.hpp"
#include "store/inbox.hpp"

namespace hw::api {
namespace {

json::value word_or_null(const std::string& word) {
    return word.empty() ? json::value(nullptr) : json::value(word);
}

json::object row_json(const Tx& tx, const QuarantineRow& row) {
    json::object headers;
    for (const auto& [name, value] : row.headers) headers[name] = value;
    // Nobody learns who else is here.
    json::array candidates;
    for (const auto& each : row.candidates) {
        if (each.workspace_id != tx.workspace_id()) continue;
        candidates.push_back(json::object{{"rung", each.rung}, {"workspaceId", each.workspace_id}});
    }
    return {{"id", row.quarantine_id},
            {"connectionId", row.connection_id},
            {"deliveryId", word_or_null(row.delivery_id)},
            {"event", word_or_null(row.event_type)},
            {"reason", row.reason},
            {"bytes", row.body_bytes},
            {"headers", std::move(headers)},
            {"candidates", std::move(candidates)},
            {"receivedAt", time_or_null(row.received_at_ms)}};
}

Answer answer_of(const Tx& tx, const std::vector<QuarantineRow>& rows) {
    json::array out;
    for (const auto& row : rows) out.push_back(row_json(tx, row));
    return json_answer(json::serialize(out));
}

json::object decision_json(const Tx& tx, const QuarantineDecision& decision) {
    const bool mine = decision.to_workspace_id == tx.workspace_id();
    return {{"quarantineId", decision.quarantine_id},
            {"decision", decision.decision},
            {"connectionId", mine ? json::value(decision.to_connection_id) : json::value(nullptr)},
            {"inboxId", mine ? json::value(decision.inbox_id) : json::value(nullptr)},
            {"duplicate", decision.duplicate},
            {"reason", decision.reason},
            {"decidedBy", decision.actor},
            {"decidedAt", time_or_null(decision.decided_at_ms)},
            {"setAsideFor", decision.set_aside_for},
            {"receivedBy", decision.from_connection_id},
            {"receivedAt", time_or_null(decision.received_at_ms)},
            {"bodySha256", decision.body_hash}};
}

Result<DecideQuarantine> read_decision(const Call& call, const json::object& body) {
    DecideQuarantine input;
    input.quarantine_id = call.parameters.at(0);
    input.actor = call.caller->api_key_id;
    constexpr TextRule kReason{.max_characters = limits::kQuarantineReasonMax,
                               .trim = true,
                               .nullable = false,
                               .empty_message = "Say why, for those who ask later"};
    input.reason = HW_TRY(required_text(body, "reason", kReason));
    return input;
}

}  // namespace

Result<Work> list_payment_quarantine(const Call& call) {
    const auto query = call.request.query;
    auto before = HW_TRY(query_text(query, "startingAfter")).value_or("");
    const auto limit = HW_TRY(query_page_size(query));
    return Work{
        Work::Mode::Read,
        [id = call.parameters.at(0), before = std::move(before), limit](Tx& tx) -> Result<Answer> {
            HW_TRY(hw::get_payment_connection(tx, id));
            return answer_of(tx, hw::list_quarantine(tx, id, before, limit));
        }};
}

Result<Work> list_quarantine(const Call& call) {
    const auto query = call.request.query;
    auto before = HW_TRY(query_text(query, "startingAfter")).value_or("");
    const auto limit = HW_TRY(query_page_size(query));
    return Work{Work::Mode::Read, [before = std::move(before), limit](Tx& tx) -> Result<Answer> {
                    return answer_of(tx, list_whole_quarantine(tx, before, limit));
                }};
}

Result<Work> list_quarantine_decisions(const Call& call) {
    const auto query = call.request.query;
    auto before = HW_TRY(query_text(query, "startingAfter")).value_or("");
    const auto limit = HW_TRY(query_page_size(query));
    return Work{Work::Mode::Read, [before = std::move(before), limit](Tx& tx) -> Result<Answer> {
                    json::array rows;
                    for (const auto& each : hw::list_quarantine_decisions(tx, before, limit)) {
                        rows.push_back(decision_json(tx, each));
                    }
                    return json_answer(json::serialize(rows));
                }};
}

Result<Work> assign_quarantine(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_decision(call, body));
    constexpr TextRule kId{.trim = true, .nullable = false};
    input.connection_id = HW_TRY(required_text(body, "connectionId", kId));
    return Work{Work::Mode::Write, [&call, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto decided =
                        HW_TRY(hw::assign_quarantine(tx, call.options.providers, input));
                    return json_answer(json::serialize(decision_json(tx, decided)));
                }};
}

Result<Work> dismiss_quarantine(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_decision(call, body));
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto decided = HW_TRY(hw::dismiss_quarantine(tx, input));
                    return json_answer(json::serialize(decision_json(tx, decided)));
                }};
}

}  // namespace hw::api
