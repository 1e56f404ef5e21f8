// SPDX-License-Identifier: Apache-2.0
// Removal effects of an absorbing Markov chain of order 1: by how much fewer of the journeys would
// convert if nobody came past a key. Exact: one linear solve, no simulation.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/journey.hpp"
#include "core/split_amount.hpp"

namespace hw {

enum class ChainPaths : std::uint8_t {
    All,         // those without conversion too, which end in (null)
    Converting,  // those with conversion alone
};

struct RemovalEffects {
    Weight conversion_probability = 0;       // of the whole chain
    std::map<std::string, Weight> of_key{};  // of every key; all 0 when nothing converts
};

RemovalEffects removal_effects(const PathCounts& counts, ChainPaths paths);

}  // namespace hw
