// SPDX-License-Identifier: Apache-2.0
#include "store/attribution_policies.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "base/fault.hpp"

namespace hw {
namespace {

namespace json = boost::json;

const Query kFindAttributionPolicy{"find_attribution_policy", R"sql(
select policy from attribution_policies where workspace_id = $1
)sql"};

const Query kPutAttributionPolicy{"put_attribution_policy", R"sql(
insert into attribution_policies (workspace_id, policy, updated_at_ms) values ($1, $2, $3)
on conflict (workspace_id) do update set policy = excluded.policy,
    updated_at_ms = excluded.updated_at_ms
)sql"};

constexpr std::array<std::pair<InferredMatch, std::string_view>, 4> kInferred{{
    {InferredMatch::Off, "off"},
    {InferredMatch::Suggest, "suggest"},
    {InferredMatch::Attribute, "attribute"},
    {InferredMatch::AttributeAndPay, "attribute_and_pay"},
}};

AttributionPolicy policy_from(const Row& row) {
    const auto stored = json::parse(row.view(0)).as_object();
    AttributionPolicy policy;
    const auto inferred = inferred_match_from(std::string_view(stored.at("inferred").as_string()));
    HW_ASSERT(inferred);
    policy.inferred = *inferred;
    policy.inferred_for_api = stored.at("inferredForApi").as_bool();
    policy.first_touch = stored.at("firstTouch").as_bool();
    for (const auto& [name, value] : stored.at("rungs").as_object()) {
        RungSetting setting{.enabled = value.at("enabled").as_bool(), .window_ms = {}};
        if (const auto& window = value.at("windowMs"); window.is_int64()) {
            setting.window_ms = window.as_int64();
        }
        policy.rungs[std::string(name)] = setting;
    }
    return policy;
}

}  // namespace

std::string_view to_text(InferredMatch inferred) {
    return std::ranges::find(kInferred, inferred, &decltype(kInferred)::value_type::first)->second;
}

std::optional<InferredMatch> inferred_match_from(std::string_view text) {
    const auto* found =
        std::ranges::find(kInferred, text, &decltype(kInferred)::value_type::second);
    return found == kInferred.end() ? std::nullopt : std::optional(found->first);
}

AttributionPolicy find_attribution_policy(Tx& tx, std::string_view workspace_id) {
    return tx.first(kFindAttributionPolicy, policy_from, workspace_id)
        .value_or(AttributionPolicy{});
}

void put_attribution_policy(Tx& tx, std::string_view workspace_id,
                            const AttributionPolicy& policy) {
    json::object rungs;
    for (const auto& [name, setting] : policy.rungs) {
        rungs[name] = json::object{
            {"enabled", setting.enabled},
            {"windowMs", setting.window_ms ? json::value(*setting.window_ms) : json::value()}};
    }
    const auto text = json::serialize(json::object{{"inferred", to_text(policy.inferred)},
                                                   {"inferredForApi", policy.inferred_for_api},
                                                   {"firstTouch", policy.first_touch},
                                                   {"rungs", std::move(rungs)}});
    tx.exec(kPutAttributionPolicy, workspace_id, text, tx.now_ms());
}

}  // namespace hw
