// SPDX-License-Identifier: Apache-2.0
#include "core/attribution_models.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/fault.hpp"

namespace hw {
namespace {

using Named = std::pair<std::string_view, AttributionModel>;

constexpr std::array<Named, 10> kNames{{{"first", AttributionModel::First},
                                        {"last", AttributionModel::Last},
                                        {"last_non_direct", AttributionModel::LastNonDirect},
                                        {"linear", AttributionModel::Linear},
                                        {"time_decay", AttributionModel::TimeDecay},
                                        {"position_based", AttributionModel::PositionBased},
                                        {"markov", AttributionModel::Markov},
                                        {"markov_converting", AttributionModel::MarkovConverting},
                                        {"shapley", AttributionModel::Shapley},
                                        {"counterfactual", AttributionModel::Counterfactual}}};

constexpr auto kModels = [] {
    std::array<AttributionModel, kNames.size()> models{};
    for (std::size_t i = 0; i < models.size(); ++i) models[i] = kNames[i].second;
    return models;
}();

void normalize(KeyShares& shares) {
    Weight sum = 0;
    for (const auto& [key, share] : shares) sum += share;
    if (sum <= 0) {
        shares.clear();
        return;
    }
    for (auto& [key, share] : shares) share /= sum;
}

std::size_t last_non_direct(const std::vector<JourneyTouch>& touches) {
    for (auto i = touches.size(); i > 0; --i) {
        if (touches[i - 1].channel != kDirectChannel) return i - 1;
    }
    return touches.size() - 1;
}

// 40 % + 20 % + 40 % in whole numbers.
Weight position_weight(std::size_t position, std::size_t count) {
    if (count <= 2) return 1;
    const bool at_end = position == 0 || position + 1 == count;
    return at_end ? static_cast<Weight>(2 * (count - 2)) : Weight{1};
}

// Relative to the newest touch, so that no half-life however short leaves nothing.
Weight decayed(const std::vector<JourneyTouch>& touches, std::size_t i, std::int64_t half_life_ms) {
    const auto age_ms = touches.back().at_ms - touches[i].at_ms;
    return std::exp2(-static_cast<Weight>(age_ms) / static_cast<Weight>(half_life_ms));
}

Weight touch_weight(const ModelSettings& settings, const std::vector<JourneyTouch>& touches,
                    std::size_t i) {
    switch (settings.model) {
        case AttributionModel::First:
            return i == 0 ? 1 : 0;
        case AttributionModel::Last:
            return i + 1 == touches.size() ? 1 : 0;
        case AttributionModel::LastNonDirect:
            return i == last_non_direct(touches) ? 1 : 0;
        case AttributionModel::Linear:
            return 1;
        case AttributionModel::TimeDecay:
            return decayed(touches, i, settings.half_life_ms);
        case AttributionModel::PositionBased:
            return position_weight(i, touches.size());
        case AttributionModel::Markov:
        case AttributionModel::MarkovConverting:
        case AttributionModel::Shapley:
        case AttributionModel::Counterfactual:
            break;
    }
    HW_ASSERT(false);
    return 0;
}

// The Shapley value of v(S) = conversions of the journeys whose keys are all in S: each journey is
// a game that only all of its keys together win, so each of them gets the same.
KeyShares equal_shares(const Path& path) {
    KeyShares shares;
    for (const auto& key : path) shares[key] = 1;
    normalize(shares);
    return shares;
}

Weight conversion_probability(const PathCounts& counts, const Path& path) {
    const auto found = counts.find(path);
    if (found == counts.end()) return 0;
    const auto& count = found->second;
    const auto all = count.converting + count.other;
    return all == 0 ? Weight{0} : static_cast<Weight>(count.converting) / static_cast<Weight>(all);
}

Path without_step(const Path& path, std::size_t step) {
    Path rest;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (i != step && (rest.empty() || rest.back() != path[i])) rest.push_back(path[i]);
    }
    return rest;
}

}  // namespace

std::span<const AttributionModel> attribution_models() {
    return kModels;
}

std::string_view name_of(AttributionModel model) {
    const auto* found = std::ranges::find(kNames, model, &Named::second);
    HW_ASSERT(found != kNames.end());
    return found->first;
}

std::optional<AttributionModel> attribution_model_of(std::string_view name) {
    const auto* found = std::ranges::find(kNames, name, &Named::first);
    return found == kNames.end() ? std::nullopt : std::optional(found->second);
}

bool is_of_all_journeys(AttributionModel model) {
    return model == AttributionModel::Markov || model == AttributionModel::MarkovConverting;
}

AttributionShares::AttributionShares(const ModelSettings& settings, const PathCounts& counts)
    : settings_(settings), counts_(counts) {
    HW_ASSERT(settings.half_life_ms > 0);
    if (settings.model == AttributionModel::Markov) {
        effects_ = removal_effects(counts, ChainPaths::All);
    } else if (settings.model == AttributionModel::MarkovConverting) {
        effects_ = removal_effects(counts, ChainPaths::Converting);
    }
}

KeyShares AttributionShares::counterfactual(const Path& path) const {
    const auto probability = conversion_probability(counts_, path);
    KeyShares shares;
    for (std::size_t step = 0; step < path.size(); ++step) {
        const auto without = conversion_probability(counts_, without_step(path, step));
        shares[path[step]] += std::max(Weight{0}, probability - without);
    }
    normalize(shares);
    // No step made the conversion likelier than the rest alone: none is better than another.
    return shares.empty() ? equal_shares(path) : shares;
}

KeyShares AttributionShares::of_journey(const Journey& journey) const {
    if (journey.touches.empty()) return {};
    KeyShares shares;
    switch (settings_.model) {
        case AttributionModel::Shapley:
            return equal_shares(path_of(journey, settings_.by));
        case AttributionModel::Counterfactual:
            return counterfactual(path_of(journey, settings_.by));
        case AttributionModel::Markov:
        case AttributionModel::MarkovConverting:
            for (const auto& key : path_of(journey, settings_.by)) {
                const auto effect = effects_.of_key.find(key);
                if (effect != effects_.of_key.end()) shares[key] = effect->second;
            }
            break;
        default:
            for (std::size_t i = 0; i < journey.touches.size(); ++i) {
                const auto weight = touch_weight(settings_, journey.touches, i);
                if (weight > 0) shares[credit_key(journey.touches[i], settings_.by)] += weight;
            }
    }
    normalize(shares);
    return shares;
}

KeyShares AttributionShares::of_all() const {
    HW_ASSERT(is_of_all_journeys(settings_.model));
    auto shares = effects_.of_key;
    normalize(shares);
    return shares;
}

std::vector<Credit> credits_of(const KeyShares& shares, std::int64_t conversions,
                               std::int64_t amount_minor) {
    std::vector<Weight> weights;
    weights.reserve(shares.size());
    for (const auto& [key, share] : shares) weights.push_back(share);
    const auto micros = split_amount(conversions * kConversionMicros, weights);
    const auto amounts = split_amount(amount_minor, weights);
    std::vector<Credit> credits;
    credits.reserve(shares.size());
    for (const auto& [key, share] : shares) {
        const auto i = credits.size();
        credits.push_back({.key = key, .conversion_micros = micros[i], .amount_minor = amounts[i]});
    }
    return credits;
}

}  // namespace hw
