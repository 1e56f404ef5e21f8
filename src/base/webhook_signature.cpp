// SPDX-License-Identifier: Apache-2.0
#include "base/webhook_signature.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

constexpr std::size_t kSecretBytes = 32;

std::string_view without_prefix(std::string_view secret) {
    if (secret.starts_with(kWebhookSecretPrefix)) {
        secret.remove_prefix(kWebhookSecretPrefix.size());
    }
    return secret;
}

}  // namespace

std::string new_webhook_secret(Env& env) {
    std::string bytes;
    while (bytes.size() < kSecretBytes) {
        auto word = env.random_64();
        for (std::size_t i = 0; i < sizeof word; ++i, word >>= 8) {
            bytes += static_cast<char>(word & 0xFF);
        }
    }
    return std::string(kWebhookSecretPrefix) + base64_text(bytes);
}

Result<std::string> normalize_webhook_secret(std::string_view text) {
    const auto bytes = base64_bytes(without_prefix(text));
    const auto size = bytes ? bytes->size() : 0;
    if (size >= limits::kWebhookSecretBytesMin && size <= limits::kWebhookSecretBytesMax) {
        return std::string(kWebhookSecretPrefix) + base64_text(*bytes);
    }
    return fail(
        ErrorCode::UnprocessableEntity,
        fmt::format("secret: expected \"whsec_\" and {} to {} bytes in base64, received {}. "
                    "Leave it out to get one made.",
                    limits::kWebhookSecretBytesMin, limits::kWebhookSecretBytesMax,
                    bytes ? fmt::format("{} bytes", size) : "what is no base64"),
        "invalid_secret");
}

std::string standard_signature(std::string_view secret, const SignedMessage& message) {
    const auto key = base64_bytes(without_prefix(secret));
    HW_ASSERT(key.has_value());
    const auto content = fmt::format("{}.{}.{}", message.id, message.timestamp_s, message.body);
    return "v1," + base64_text(keyed_hash_bytes(*key, content));
}

std::string dub_signature(std::string_view secret, std::string_view body) {
    return keyed_hash_hex(secret, body);
}

}  // namespace hw
