// SPDX-License-Identifier: Apache-2.0
// How a workspace wants its conversions attributed: which rungs of the ladder, with what windows,
// and what a match without proof of the person is worth.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

// What is done with a match on the workspace's most recent click.
enum class InferredMatch : std::uint8_t {
    Off,              // such rungs are not tried: the conversion stays an orphan
    Suggest,          // kept as a proposal on the orphan
    Attribute,        // reported by itself; no commission until a person accepts it
    AttributeAndPay,  // as if the person were known
};
std::string_view to_text(InferredMatch inferred);
std::optional<InferredMatch> inferred_match_from(std::string_view text);

struct RungSetting {
    bool enabled = true;
    std::optional<std::int64_t> window_ms;  // nothing: no window

    bool operator==(const RungSetting&) const = default;
};

struct AttributionPolicy {
    InferredMatch inferred = InferredMatch::Attribute;
    bool inferred_for_api = false;  // also for sales told by API
    bool first_touch = false;       // within a rung the earliest touch decides, not the latest
    std::map<std::string, RungSetting, std::less<>> rungs;  // those that are not as the ladder says

    bool operator==(const AttributionPolicy&) const = default;
};

// The defaults when the workspace has set nothing.
AttributionPolicy find_attribution_policy(Tx& tx, std::string_view workspace_id);
void put_attribution_policy(Tx& tx, std::string_view workspace_id, const AttributionPolicy& policy);

}  // namespace hw
