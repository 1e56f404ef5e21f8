// SPDX-License-Identifier: Apache-2.0
// The ladder as a workspace has set it: what counts now, and how it is changed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/attribution_policies.hpp"
#include "store/tx.hpp"

namespace hw {

inline constexpr std::int64_t kRungWindowDaysMax = 3'650;

// One rung as it counts in the workspace.
struct EffectiveRung {
    std::string_view name;
    std::string_view confidence;
    bool enabled = true;
    std::optional<std::int64_t> window_ms;          // nothing: no window
    std::optional<std::int64_t> default_window_ms;  // what the ladder says itself
};

// All of them, in order.
std::vector<EffectiveRung> effective_ladder(const AttributionPolicy& policy);

// What is not named stays as it is.
struct RungChange {
    std::optional<bool> enabled{};
    std::optional<std::optional<std::int64_t>> window_days{};  // of it nothing: no window
    bool reset = false;                                        // as the ladder says, before both
};
struct AttributionPolicyChange {
    std::optional<InferredMatch> inferred{};
    std::optional<bool> inferred_for_api{};
    std::optional<bool> first_touch{};
    std::map<std::string, RungChange> rungs{};
};

// 422 for a rung that the ladder does not have and for a window out of 1..kRungWindowDaysMax.
Result<AttributionPolicy> changed_policy(AttributionPolicy policy,
                                         const AttributionPolicyChange& change);

// Counts for what is decided from now on; replay_attribution() decides the past again.
Result<AttributionPolicy> update_attribution_policy(Tx& tx, const AttributionPolicyChange& change,
                                                    const std::string& actor);

// All of it in a line, for people.
std::string policy_text(const AttributionPolicy& policy);

}  // namespace hw
