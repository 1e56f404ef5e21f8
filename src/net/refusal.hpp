// SPDX-License-Identifier: Apache-2.0
// A request that net/ answers itself: what was wrong with it, and the answer that says so.
#pragma once

#include <expected>
#include <string>

#include "api/http.hpp"

namespace hw::net {

struct Refusal {
    int status = 400;
    std::string message;  // names the limit or the rule, the value seen and the fix
};

template <class T>
using Parsed = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(int status, std::string message) {
    return std::unexpected(Refusal{status, std::move(message)});
}

Response refusal_response(const Refusal& refusal);

}  // namespace hw::net
