// SPDX-License-Identifier: Apache-2.0
#include "app/system_env.hpp"

#include <sys/random.h>

#include <array>
#include <chrono>

#include "base/fault.hpp"

namespace hw {
namespace {

// Numbers are fetched by the page: a system call each would be seen on the hot path.
struct RandomPage {
    std::array<std::uint64_t, 32> numbers{};
    std::size_t left = 0;

    std::uint64_t next() {
        if (left == 0) {
            const auto size = static_cast<ssize_t>(sizeof numbers);
            HW_ASSERT(getrandom(numbers.data(), sizeof numbers, 0) == size);
            left = numbers.size();
        }
        return numbers[--left];
    }
};

}  // namespace

std::int64_t SystemEnv::now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::uint64_t SystemEnv::random_64() {
    thread_local RandomPage page;
    return page.next();
}

}  // namespace hw
