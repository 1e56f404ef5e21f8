// SPDX-License-Identifier: Apache-2.0
// How deliveries are signed: Standard Webhooks 1.0.0, and the older header that Dub's clients
// verify. Both read the same secret and sign the same bytes, each in its own way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/env.hpp"
#include "base/error.hpp"

namespace hw {

inline constexpr std::string_view kWebhookSecretPrefix = "whsec_";

// whsec_ and 32 random bytes in base64.
std::string new_webhook_secret(Env& env);

// The secret as it is kept; 422 for one that is no base64 of 24 to 64 bytes. `prefix` may be
// missing in what users give.
Result<std::string> normalize_webhook_secret(std::string_view text);

struct SignedMessage {
    std::string_view id;
    std::int64_t timestamp_s = 0;  // of this attempt
    std::string_view body;
};

// "v1,<base64>" with the bytes behind the prefix as key.
std::string standard_signature(std::string_view secret, const SignedMessage& message);

// Lower-case hex with the whole text of the secret as key. Knows no time.
std::string dub_signature(std::string_view secret, std::string_view body);

}  // namespace hw
