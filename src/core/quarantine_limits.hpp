// SPDX-License-Identifier: Apache-2.0
// Temporary.
#pragma once
#include <cstddef>
namespace hw::limits {
inline constexpr std::size_t kPaymentAccountIdMax = 255;        // of a connected account
inline constexpr std::size_t kQuarantineReasonMax = 500;        // characters, of a decision
}
