// SPDX-License-Identifier: Apache-2.0
#include "core/markov_chain.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/fault.hpp"

namespace hw {
namespace {

// Journeys that went from each key to each other one. Whole numbers, so that the order in which
// journeys come does not matter.
struct Transitions {
    std::vector<std::string> keys;
    std::vector<std::vector<std::int64_t>> between;
    std::vector<std::int64_t> starts;
    std::vector<std::int64_t> conversions;
    std::vector<std::int64_t> leaving;  // of each key, wherever to
    std::int64_t journeys = 0;
};

std::int64_t taken(const PathCount& count, ChainPaths paths) {
    return count.converting + (paths == ChainPaths::All ? count.other : 0);
}

Transitions transitions_of(const PathCounts& counts, ChainPaths paths) {
    std::map<std::string, std::size_t> index;
    for (const auto& [path, count] : counts) {
        if (taken(count, paths) == 0) continue;
        for (const auto& key : path) index.emplace(key, 0);
    }
    Transitions chain;
    for (auto& [key, at] : index) {
        at = chain.keys.size();
        chain.keys.push_back(key);
    }
    const auto size = chain.keys.size();
    chain.between.assign(size, std::vector<std::int64_t>(size, 0));
    chain.starts.assign(size, 0);
    chain.conversions.assign(size, 0);
    chain.leaving.assign(size, 0);
    for (const auto& [path, count] : counts) {
        const auto journeys = taken(count, paths);
        if (journeys == 0) continue;
        chain.journeys += journeys;
        chain.starts[index.at(path.front())] += journeys;
        for (std::size_t i = 0; i < path.size(); ++i) {
            const auto from = index.at(path[i]);
            chain.leaving[from] += journeys;
            if (i + 1 < path.size()) chain.between[from][index.at(path[i + 1])] += journeys;
        }
        chain.conversions[index.at(path.back())] += count.converting;
    }
    return chain;
}

Weight ratio(std::int64_t part, std::int64_t whole) {
    return static_cast<Weight>(part) / static_cast<Weight>(whole);
}

using Matrix = std::vector<std::vector<Weight>>;

void swap_in_pivot(Matrix& rows, Matrix& inverse, std::size_t column) {
    auto pivot = column;
    for (auto row = column + 1; row < rows.size(); ++row) {
        if (std::abs(rows[row][column]) > std::abs(rows[pivot][column])) pivot = row;
    }
    // Every key leads to an end sooner or later, so the matrix has an inverse.
    HW_ASSERT(rows[pivot][column] != 0);
    std::swap(rows[column], rows[pivot]);
    std::swap(inverse[column], inverse[pivot]);
}

void subtract(std::vector<Weight>& from, const std::vector<Weight>& row, Weight factor) {
    for (std::size_t i = 0; i < row.size(); ++i) from[i] -= factor * row[i];
}

// By Gauss and Jordan, with partial pivoting.
Matrix inverse_of(Matrix rows) {
    const auto size = rows.size();
    Matrix inverse(size, std::vector<Weight>(size, 0));
    for (std::size_t i = 0; i < size; ++i) inverse[i][i] = 1;
    for (std::size_t column = 0; column < size; ++column) {
        swap_in_pivot(rows, inverse, column);
        const auto pivot = rows[column][column];
        for (auto& value : rows[column]) value /= pivot;
        for (auto& value : inverse[column]) value /= pivot;
        for (std::size_t row = 0; row < size; ++row) {
            const auto factor = rows[row][column];
            if (row == column || factor == 0) continue;
            subtract(rows[row], rows[column], factor);
            subtract(inverse[row], inverse[column], factor);
        }
    }
    return inverse;
}

// How often a journey that is at a key comes past each other one before it ends.
Matrix visits_of(const Transitions& chain) {
    const auto size = chain.keys.size();
    Matrix rows(size, std::vector<Weight>(size, 0));
    for (std::size_t from = 0; from < size; ++from) {
        for (std::size_t to = 0; to < size; ++to) {
            rows[from][to] = -ratio(chain.between[from][to], chain.leaving[from]);
        }
        rows[from][from] += 1;
    }
    return inverse_of(std::move(rows));
}

}  // namespace

// A journey that converts past a key gets there first and converts from there. So what is lost
// without the key is P(ever there) * P(conversion from there), and one inverse answers for all.
RemovalEffects removal_effects(const PathCounts& counts, ChainPaths paths) {
    const auto chain = transitions_of(counts, paths);
    RemovalEffects effects;
    const auto size = chain.keys.size();
    if (size == 0) return effects;
    const auto visits = visits_of(chain);
    std::vector<Weight> expected(size, 0);  // visits of a journey from the start
    std::vector<Weight> converts(size, 0);  // probability from each key
    for (std::size_t from = 0; from < size; ++from) {
        for (std::size_t to = 0; to < size; ++to) {
            expected[to] += ratio(chain.starts[from], chain.journeys) * visits[from][to];
            converts[from] += visits[from][to] * ratio(chain.conversions[to], chain.leaving[to]);
        }
    }
    for (std::size_t key = 0; key < size; ++key) {
        effects.conversion_probability += ratio(chain.starts[key], chain.journeys) * converts[key];
    }
    for (std::size_t key = 0; key < size; ++key) {
        const auto lost = expected[key] / visits[key][key] * converts[key];
        const bool any = effects.conversion_probability > 0;
        effects.of_key[chain.keys[key]] =
            any ? std::max(Weight{0}, lost / effects.conversion_probability) : Weight{0};
    }
    return effects;
}

}  // namespace hw
