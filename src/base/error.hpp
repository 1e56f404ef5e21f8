// SPDX-License-Identifier: Apache-2.0
// Expected outcomes are values: Result<T> is a value or an Error. Faults (fault.hpp) are
// exceptions.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace hw {

// The closed list of refusals. api/error_json.cpp maps it to HTTP in one switch.
enum class ErrorCode : std::uint8_t {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    Conflict,
    Gone,
    PayloadTooLarge,
    UnprocessableEntity,
    RateLimitExceeded,
    Internal,
    Unavailable,
};

struct Error {
    ErrorCode code;
    std::string message;  // names the field, the value seen and the fix
    // Machine-readable cause for the conversion log and metrics, for example "click_not_found".
    std::string reason{};
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message, std::string reason = {}) {
    return std::unexpected(Error{code, std::move(message), std::move(reason)});
}

}  // namespace hw

// HW_TRY(expr) is the value of a Result, or returns its Error from the calling function. Not in a
// braced list: g++ 12 leaks the members before it when it returns from there.
// The one macro for control flow: libstdc++ 12 has std::expected without and_then.
#define HW_TRY(expr)                                                                              \
    __extension__({                                                                               \
        auto hw_try_result = (expr);                                                              \
        if (!hw_try_result.has_value()) return std::unexpected(std::move(hw_try_result).error()); \
        std::move(hw_try_result).value();                                                         \
    })

// The same for Result<void>.
#define HW_CHECK(expr)                                                  \
    do {                                                                \
        auto hw_check_result = (expr);                                  \
        if (!hw_check_result.has_value())                               \
            return std::unexpected(std::move(hw_check_result).error()); \
    } while (false)
