// SPDX-License-Identifier: Apache-2.0
#include "base/fault.hpp"

#include <fmt/format.h>

namespace hw {

void assertion_failed(const char* condition, const char* file, int line) {
    throw Fault(FaultKind::Bug,
                fmt::format("assertion failed: {} at {}:{}", condition, file, line));
}

}  // namespace hw
