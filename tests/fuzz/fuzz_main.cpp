// SPDX-License-Identifier: Apache-2.0
// One libFuzzer program: tests/fuzz/CMakeLists.txt compiles this once for each target.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    hw::fuzz::HW_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
    return 0;
}
