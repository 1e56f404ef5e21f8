// SPDX-License-Identifier: Apache-2.0
#include "api/attribution_policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"

namespace hw {
namespace {

json::value days_or_null(const std::optional<std::int64_t>& window_ms) {
    return window_ms ? json::value(*window_ms / kDayMs) : json::value(nullptr);
}

// A name that nobody knows would be taken for a change that was made.
Result<void> check_names(const json::object& body, std::string_view path,
                         std::initializer_list<std::string_view> known) {
    for (const auto& field : body) {
        const std::string_view name = field.key();
        if (std::ranges::find(known, name) != known.end()) continue;
        std::string names;
        for (const auto one : known) names.append(names.empty() ? "" : ", ").append(one);
        return std::unexpected(
            invalid_field("unrecognized_keys", path,
                          fmt::format("Unrecognized key: '{}'; known are {}", name, names)));
    }
    return {};
}

Error wrong_type(std::string_view path, std::string_view expected, const json::value& value) {
    return invalid_field(
        "invalid_type", path,
        fmt::format("Invalid input: expected {}, received {}", expected, json_type_name(&value)));
}

Result<std::optional<std::int64_t>> read_days(const std::string& path, const json::value& days) {
    if (days.is_null()) return std::optional<std::int64_t>{};
    if (days.is_int64()) return std::optional(days.get_int64());
    return std::unexpected(wrong_type(path, "whole number or null", days));
}

// null: as the ladder says.
Result<RungChange> read_rung(const std::string& path, const json::value& value) {
    if (value.is_null()) return RungChange{.reset = true};
    if (!value.is_object()) return std::unexpected(wrong_type(path, "object or null", value));
    const auto& body = value.get_object();
    HW_CHECK(check_names(body, path, {"enabled", "windowDays"}));
    RungChange change;
    if (const auto* enabled = body.if_contains("enabled")) {
        if (!enabled->is_bool()) {
            return std::unexpected(wrong_type(path + ".enabled", "boolean", *enabled));
        }
        change.enabled = enabled->get_bool();
    }
    if (const auto* days = body.if_contains("windowDays")) {
        change.window_days = HW_TRY(read_days(path + ".windowDays", *days));
    }
    return change;
}

}  // namespace

json::object policy_json(const AttributionPolicy& policy) {
    json::array rungs;
    for (const auto& rung : effective_ladder(policy)) {
        rungs.push_back(json::object{{"name", rung.name},
                                     {"confidence", rung.confidence},
                                     {"enabled", rung.enabled},
                                     {"windowDays", days_or_null(rung.window_ms)},
                                     {"defaultWindowDays", days_or_null(rung.default_window_ms)}});
    }
    return {{"inferred", to_text(policy.inferred)},
            {"inferredForApi", policy.inferred_for_api},
            {"firstTouch", policy.first_touch},
            {"rungs", std::move(rungs)}};
}

Result<AttributionPolicyChange> read_policy_change(const json::object& body) {
    HW_CHECK(check_names(body, "policy", {"inferred", "inferredForApi", "firstTouch", "rungs"}));
    AttributionPolicyChange change;
    const auto inferred = HW_TRY(
        option_text(body, "inferred", {"off", "suggest", "attribute", "attribute_and_pay"}, ""));
    change.inferred = inferred_match_from(inferred);
    change.inferred_for_api = HW_TRY(optional_bool(body, "inferredForApi"));
    change.first_touch = HW_TRY(optional_bool(body, "firstTouch"));
    const auto* rungs = body.if_contains("rungs");
    if (rungs == nullptr) return change;
    if (!rungs->is_object()) return std::unexpected(wrong_type("rungs", "object", *rungs));
    for (const auto& [name, value] : rungs->get_object()) {
        const std::string rung(name);
        change.rungs[rung] = HW_TRY(read_rung("rungs." + rung, value));
    }
    return change;
}

namespace api {

Result<Work> get_attribution_policy(const Call&) {
    return Work{Work::Mode::Read, [](Tx& tx) -> Result<Answer> {
                    return json_answer(json::serialize(
                        policy_json(find_attribution_policy(tx, tx.workspace_id()))));
                }};
}

Result<Work> change_attribution_policy(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto change = HW_TRY(read_policy_change(body));
    return Work{Work::Mode::Write, [&call, change = std::move(change)](Tx& tx) -> Result<Answer> {
                    const auto policy =
                        HW_TRY(update_attribution_policy(tx, change, call.caller->api_key_id));
                    return json_answer(json::serialize(policy_json(policy)));
                }};
}

}  // namespace api
}  // namespace hw
