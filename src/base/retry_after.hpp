// SPDX-License-Identifier: Apache-2.0
// The Retry-After header of RFC 9110: a number of seconds, or the date of HTTP.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hw {

// How long to wait from `now_ms` on, 0 for a date that has passed, at most kRetryAfterMsMax.
// Nothing for text that says neither.
std::optional<std::int64_t> retry_after_ms(std::string_view text, std::int64_t now_ms);

}  // namespace hw
