// SPDX-License-Identifier: Apache-2.0
#include "core/create_api_key.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"

namespace hw {
namespace {

constexpr std::string_view kSecretPrefix = "dub_";
constexpr std::size_t kRandomCharacters = 24;
constexpr std::size_t kSecretBytesMax = 200;
constexpr std::size_t kShownInFront = 7;
constexpr std::size_t kShownAtEnd = 4;

bool is_scope(std::string_view text) {
    const auto dot = text.find('.');
    return dot != text.npos && dot > 0 && dot + 1 < text.size() &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
           });
}

// Enough to tell keys apart, too little to guess one.
std::string shown(std::string_view secret) {
    if (secret.size() < 2 * (kShownInFront + kShownAtEnd)) return "...";
    return fmt::format("{}...{}", secret.substr(0, kShownInFront),
                       secret.substr(secret.size() - kShownAtEnd));
}

Result<void> check_secret(std::string_view secret) {
    const bool printable = std::ranges::all_of(secret, [](char c) { return c > ' ' && c < 0x7F; });
    if (!secret.empty() && secret.size() <= kSecretBytesMax && printable) return {};
    return fail(
        ErrorCode::UnprocessableEntity,
        fmt::format("a key has 1 to {} printable ASCII characters and no blanks", kSecretBytesMax));
}

}  // namespace

Result<std::string> normalize_scopes(std::string_view text) {
    constexpr std::string_view kSeparators = " ,";
    std::string scopes;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(kSeparators), text.size());
        const auto scope = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (scope.empty()) continue;
        if (!is_scope(scope)) {
            return fail(ErrorCode::UnprocessableEntity,
                        fmt::format("'{}' is no scope: write for example apis.all, apis.read, "
                                    "links.write or conversions.write",
                                    scope));
        }
        scopes.append(scopes.empty() ? "" : " ").append(scope);
    }
    if (scopes.empty()) {
        return fail(ErrorCode::UnprocessableEntity,
                    "a key without scopes can do nothing: write for example apis.all");
    }
    return scopes;
}

Result<CreatedApiKey> create_api_key(Tx& tx, const NewApiKey& input) {
    CreatedApiKey created;
    created.secret = input.secret;
    if (created.secret.empty()) {
        created.secret = std::string(kSecretPrefix) + random_text(kRandomCharacters, tx.env());
    }
    HW_CHECK(check_secret(created.secret));
    created.key = {.key_hash = sha256_hex(created.secret),
                   .workspace_id = input.workspace_id,
                   .api_key_id = tx.new_id("key_"),
                   .name = input.name,
                   .display = shown(created.secret),
                   .scopes = HW_TRY(normalize_scopes(input.scopes)),
                   .created_at_ms = tx.now_ms(),
                   .expires_at_ms = input.expires_at_ms};
    if (!insert_api_key(tx, created.key)) {
        return fail(
            ErrorCode::Conflict,
            fmt::format("the key {} is in use already: choose another one", created.key.display),
            "key_taken");
    }
    return created;
}

}  // namespace hw
