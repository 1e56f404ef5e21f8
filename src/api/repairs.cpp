// SPDX-License-Identifier: Apache-2.0
#include "api/repairs.hpp"

#include <fmt/format.h>

#include "api/attribution_policy.hpp"
#include "api/query.hpp"
#include "api/repair_json.hpp"
#include "base/civil_time.hpp"

namespace hw::api {
namespace {

json::object repair_json(const Repair& repair) {
    return {{"id", repair.repair_id},
            {"kind", repair.kind},
            {"actor", repair.actor},
            {"createdAt", time_or_null(repair.at_ms)},
            {"conversions", repair.conversions},
            {"undoneAt", time_or_null(repair.undone_at_ms)},
            {"undoneBy", text_or_null(repair.undone_by)}};
}

Result<std::int64_t> read_time(const json::object& body, std::string_view name) {
    const auto text = HW_TRY(required_text(body, name));
    const auto at_ms = parse_time(text);
    if (at_ms) return *at_ms;
    return std::unexpected(invalid_field("invalid_format", name, at_ms.error().message));
}

Result<AttributionPolicyChange> read_rules(const json::object& body) {
    const auto* rules = body.if_contains("rules");
    if (rules == nullptr) return AttributionPolicyChange{};
    if (rules->is_object()) return read_policy_change(rules->get_object());
    return std::unexpected(invalid_field(
        "invalid_type", "rules",
        fmt::format("Invalid input: expected object, received {}", json_type_name(rules))));
}

Result<ReplayAttribution> read_replay(const json::object& body) {
    ReplayAttribution input;
    input.from_ms = HW_TRY(read_time(body, "from"));
    input.to_ms = HW_TRY(read_time(body, "to"));
    if (input.to_ms <= input.from_ms) {
        return std::unexpected(
            invalid_field("custom", "to", "`to` must be later than `from`, which is included."));
    }
    input.after_id = HW_TRY(optional_text(body, "startingAfter")).value_or("");
    input.limit = HW_TRY(read_repair_page_size(body));
    return input;
}

}  // namespace

Result<Work> list_repairs(const Call& call) {
    const auto query = call.request.query;
    auto before = HW_TRY(query_text(query, "startingAfter")).value_or("");
    const auto limit = HW_TRY(query_page_size(query));
    return Work{Work::Mode::Read, [before = std::move(before), limit](Tx& tx) -> Result<Answer> {
                    json::array rows;
                    for (const auto& repair : hw::list_repairs(tx, before, limit)) {
                        rows.push_back(repair_json(repair));
                    }
                    return json_answer(json::serialize(rows));
                }};
}

Result<Work> undo_repair(const Call& call) {
    return Work{Work::Mode::Write, [&call, id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto undone = HW_TRY(hw::undo_repair(tx, id, call.caller->api_key_id));
                    return json_answer(json::serialize(repaired_json(undone, false)));
                }};
}

Result<Work> replay_attribution(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_replay(body));
    auto rules = HW_TRY(read_rules(body));
    input.actor = call.caller->api_key_id;
    const bool dry_run = HW_TRY(optional_bool(body, "dryRun")).value_or(true);
    return Work{
        dry_run ? Work::Mode::DryRun : Work::Mode::Write,
        [input = std::move(input), rules = std::move(rules), dry_run](Tx& tx) -> Result<Answer> {
            auto replay = input;
            const auto standing = find_attribution_policy(tx, tx.workspace_id());
            replay.rules = HW_TRY(changed_policy(standing, rules));
            const auto replayed = hw::replay_attribution(tx, replay);
            return json_answer(json::serialize(repaired_json(replayed, dry_run)));
        }};
}

}  // namespace hw::api
