// SPDX-License-Identifier: Apache-2.0
#include "core/attribution_policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "core/ladder.hpp"
#include "store/audit_log.hpp"

namespace hw {
namespace {

Result<const Rung*> find_rung(const std::string& name) {
    const auto rungs = ladder();
    const auto found = std::ranges::find(rungs, name, &Rung::name);
    if (found != rungs.end()) return &*found;
    std::string names;
    for (const auto& rung : rungs) names.append(names.empty() ? "" : ", ").append(rung.name);
    return fail(
        ErrorCode::UnprocessableEntity,
        fmt::format("rungs.{}: the ladder has no such rung. Its rungs are {}.", name, names),
        "unknown_rung");
}

Result<std::optional<std::int64_t>> window_of(const std::string& rung,
                                              const std::optional<std::int64_t>& days) {
    if (!days) return std::optional<std::int64_t>{};
    if (*days >= 1 && *days <= kRungWindowDaysMax) return std::optional(*days * kDayMs);
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("rungs.{}.windowDays is {}: a window has 1 to {} days; null stands for "
                            "no window.",
                            rung, *days, kRungWindowDaysMax),
                "window_out_of_range");
}

Result<void> change_rung(AttributionPolicy& policy, const std::string& name,
                         const RungChange& change) {
    const auto* rung = HW_TRY(find_rung(name));
    const RungSetting as_ladder{.enabled = true, .window_ms = rung->window_ms};
    auto setting = change.reset ? as_ladder : setting_of(policy, *rung);
    if (change.enabled) setting.enabled = *change.enabled;
    if (change.window_days) setting.window_ms = HW_TRY(window_of(name, *change.window_days));
    policy.rungs.erase(name);
    if (setting != as_ladder) policy.rungs[name] = setting;
    return {};
}

}  // namespace

std::vector<EffectiveRung> effective_ladder(const AttributionPolicy& policy) {
    std::vector<EffectiveRung> rungs;
    for (const auto& rung : ladder()) {
        const auto setting = setting_of(policy, rung);
        rungs.push_back({.name = rung.name,
                         .confidence = rung.confidence,
                         .enabled = setting.enabled,
                         .window_ms = setting.window_ms,
                         .default_window_ms = rung.window_ms});
    }
    return rungs;
}

Result<AttributionPolicy> changed_policy(AttributionPolicy policy,
                                         const AttributionPolicyChange& change) {
    policy.inferred = change.inferred.value_or(policy.inferred);
    policy.inferred_for_api = change.inferred_for_api.value_or(policy.inferred_for_api);
    policy.first_touch = change.first_touch.value_or(policy.first_touch);
    for (const auto& [name, rung] : change.rungs) HW_CHECK(change_rung(policy, name, rung));
    return policy;
}

Result<AttributionPolicy> update_attribution_policy(Tx& tx, const AttributionPolicyChange& change,
                                                    const std::string& actor) {
    const auto before = find_attribution_policy(tx, tx.workspace_id());
    auto after = HW_TRY(changed_policy(before, change));
    if (after == before) return after;
    put_attribution_policy(tx, tx.workspace_id(), after);
    append_audit_entry(
        tx, {.actor = actor,
             .action = "attribution_policy.updated",
             .subject_id = tx.workspace_id(),
             .detail = fmt::format("{} -> {}", policy_text(before), policy_text(after))});
    return after;
}

std::string policy_text(const AttributionPolicy& policy) {
    auto text = fmt::format("inferred {}{}{}", to_text(policy.inferred),
                            policy.inferred_for_api ? " also for API sales" : "",
                            policy.first_touch ? ", first touch" : ", last touch");
    for (const auto& [name, setting] : policy.rungs) {
        text += fmt::format(", {} {}", name, setting.enabled ? "on" : "off");
        text += setting.window_ms ? fmt::format(" {} days", *setting.window_ms / kDayMs)
                                  : std::string(" without window");
    }
    return text;
}

}  // namespace hw
