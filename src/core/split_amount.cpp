// SPDX-License-Identifier: Apache-2.0
#include "core/split_amount.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/fault.hpp"

namespace hw {
namespace {

__extension__ using Int128 = __int128;  // products of an amount and a scaled weight

// The greatest weight is this one; the others are whole numbers relative to it.
constexpr int kScaleBits = 52;

std::vector<std::int64_t> scaled(std::span<const Weight> weights, Weight greatest) {
    std::vector<std::int64_t> whole;
    whole.reserve(weights.size());
    for (const auto weight : weights) {
        whole.push_back(std::llround(std::ldexp(weight / greatest, kScaleBits)));
    }
    return whole;
}

}  // namespace

std::vector<std::int64_t> split_amount(std::int64_t amount_minor, std::span<const Weight> weights) {
    std::vector<std::int64_t> parts(weights.size(), 0);
    if (weights.empty()) return parts;
    for (const auto weight : weights) HW_ASSERT(std::isfinite(weight) && weight >= 0);
    const auto greatest = std::ranges::max(weights);
    if (greatest <= 0) return parts;
    const auto whole = scaled(weights, greatest);
    const auto sum = std::accumulate(whole.begin(), whole.end(), Int128{0});
    const Int128 amount = amount_minor < 0 ? -Int128{amount_minor} : Int128{amount_minor};
    std::vector<Int128> remainders;
    remainders.reserve(whole.size());
    auto left = amount;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const auto product = amount * whole[i];
        parts[i] = static_cast<std::int64_t>(product / sum);
        left -= parts[i];
        remainders.push_back(product % sum);
    }
    std::vector<std::size_t> order(whole.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(
        order, [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    for (std::size_t i = 0; left > 0; ++i, --left) ++parts[order[i]];
    if (amount_minor < 0) {
        for (auto& part : parts) part = -part;
    }
    return parts;
}

}  // namespace hw
