// SPDX-License-Identifier: Apache-2.0
// Which share of a conversion each key of its journey gets, by each of the models of reports. Pure:
// the same journeys in any order give the same credits to the last minor unit.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/civil_time.hpp"
#include "core/journey.hpp"
#include "core/markov_chain.hpp"
#include "core/split_amount.hpp"

namespace hw {

enum class AttributionModel : std::uint8_t {
    First,
    Last,
    LastNonDirect,     // the last one if all are direct
    Linear,            // every touch the same
    TimeDecay,         // half of it per half-life before the newest touch
    PositionBased,     // first and last 40 %, those between 20 %; of two, each half
    Markov,            // removal effects of a chain of all journeys
    MarkovConverting,  // the same of the journeys with conversion alone
    Shapley,           // v(S): conversions of the journeys whose keys are all in S
    Counterfactual,    // how much less likely the path converts without each of its steps
};

std::span<const AttributionModel> attribution_models();
std::string_view name_of(AttributionModel model);
std::optional<AttributionModel> attribution_model_of(std::string_view name);

// Credits of a Markov model are of all conversions together: a key may get some of a conversion
// that did not come past it.
bool is_of_all_journeys(AttributionModel model);

struct ModelSettings {
    AttributionModel model = AttributionModel::Last;
    CreditBy by = CreditBy::Source;
    std::int64_t half_life_ms = 7 * kDayMs;
};

// By key, none negative; they sum to one but for rounding. Empty: nobody is credited.
using KeyShares = std::map<std::string, Weight>;

class AttributionShares {
  public:
    // `counts` are of the same keys; the models that learn nothing do without.
    AttributionShares(const ModelSettings& settings, const PathCounts& counts);

    // Of one conversion. Of a Markov model: the removal effects of the journey's own keys.
    KeyShares of_journey(const Journey& journey) const;

    // Of all conversions together, for the models of which is_of_all_journeys() holds.
    KeyShares of_all() const;

    const RemovalEffects& effects() const { return effects_; }

  private:
    KeyShares counterfactual(const Path& path) const;

    ModelSettings settings_;
    const PathCounts& counts_;
    RemovalEffects effects_;
};

struct Credit {
    std::string key{};
    std::int64_t conversion_micros = 0;  // millionths of a conversion
    std::int64_t amount_minor = 0;
};

inline constexpr std::int64_t kConversionMicros = 1'000'000;

// Both numbers split so that they sum exactly, by key.
std::vector<Credit> credits_of(const KeyShares& shares, std::int64_t conversions,
                               std::int64_t amount_minor);

}  // namespace hw
