// SPDX-License-Identifier: Apache-2.0
// The header Stripe-Signature: strict where the published libraries are lax, because a signature
// decides whether money is booked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hw::stripe {

// The position of the secret that signed these bytes; secrets are used as they are, with their
// "whsec_". The age is judged at `received_at_ms`, in both directions. The reason of an error is
// one of missing_signature, malformed, no_v1, too_many_signatures, timestamp_too_old,
// timestamp_in_future, no_match.
Result<std::size_t> verify_signature(std::string_view header, std::string_view body,
                                     std::span<const std::string> secrets,
                                     std::int64_t received_at_ms);

// When it was signed, as the header says; nothing when it says no time.
std::optional<std::int64_t> signed_at_ms(std::string_view header);

// What a delivery of these bytes has in its header. For tests and drills.
std::string sign(std::string_view body, std::string_view secret, std::int64_t at_s);

}  // namespace hw::stripe
