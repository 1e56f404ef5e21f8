// SPDX-License-Identifier: Apache-2.0
// For the time being.
#pragma once
#include "base/limits.hpp"
namespace hw::limits {
inline constexpr std::int64_t kDecidedAgainAtOnce = 100;
inline constexpr std::size_t kPersonClicksMax = 1'000;
inline constexpr std::int64_t kPageKeysMax = 20;
inline constexpr std::int64_t kPageViewDays = 395;
inline constexpr std::int64_t kPageViewDaysMax = 3'650;
}  // namespace hw::limits
