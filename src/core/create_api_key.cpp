// SPDX-License-Identifier: Apache-2.0
#include "core/create_api_key.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/digest.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 18> kScopes = {
    "links.read",    "links.write",       "tags.read",     "tags.write",      "folders.read",
    "folders.write", "domains.read",      "domains.write", "workspaces.read", "workspaces.write",
    "webhooks.read", "webhooks.write",    "groups.read",   "groups.write",    "analytics.read",
    "apis.all",      "conversions.write", "apis.read"};

constexpr std::size_t kSecretCharacters = 24;
constexpr std::size_t kSecretCharactersMax = 64;
constexpr std::size_t kShownCharacters = 3;  // after the prefix
constexpr std::size_t kShownAtEnd = 4;

// The prefix of a well-formed key; empty for anything else.
std::string_view prefix_of(std::string_view secret) {
    for (const std::string_view prefix : {"dub_", "hw_"}) {
        if (!secret.starts_with(prefix)) continue;
        const auto rest = secret.substr(prefix.size());
        const bool plain = std::ranges::all_of(rest, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        });
        const bool fits = rest.size() >= kSecretCharacters && rest.size() <= kSecretCharactersMax;
        if (plain && fits) return prefix;
    }
    return {};
}

// For people: enough to tell keys apart, too little to guess one.
std::string display_of(std::string_view secret) {
    const auto shown = prefix_of(secret).size() + kShownCharacters;
    return fmt::format("{}...{}", secret.substr(0, shown),
                       secret.substr(secret.size() - kShownAtEnd));
}

// The scopes in the order of the list, each once, separated by blanks.
Result<std::string> checked_scopes(std::string_view text) {
    constexpr std::string_view kBetween = " ,";
    std::vector<std::string_view> wanted;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(kBetween), text.size());
        const auto scope = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (scope.empty()) continue;
        if (std::ranges::find(kScopes, scope) == kScopes.end()) {
            return fail(ErrorCode::UnprocessableEntity,
                        fmt::format("Unknown scope '{}'. Known scopes: {}.", valid_utf8(scope),
                                    fmt::join(kScopes, ", ")),
                        "unknown_scope");
        }
        wanted.push_back(scope);
    }
    std::vector<std::string_view> kept;
    for (const auto scope : kScopes) {
        if (std::ranges::find(wanted, scope) != wanted.end()) kept.push_back(scope);
    }
    if (kept.empty()) {
        return fail(ErrorCode::UnprocessableEntity,
                    "A key needs a scope, for example apis.all for everything.", "no_scope");
    }
    return fmt::format("{}", fmt::join(kept, " "));
}

}  // namespace

std::span<const std::string_view> api_scopes() {
    return kScopes;
}

Result<CreatedApiKey> create_api_key(Tx& tx, const CreateApiKey& input) {
    if (!find_workspace(tx, input.workspace_id)) {
        return fail(ErrorCode::NotFound, "Workspace not found.", "no_workspace");
    }
    const bool name_fits = is_valid_utf8(input.name) && !input.name.contains('\0') &&
                           utf16_length(input.name) <= limits::kWorkspaceNameCharactersMax;
    if (!name_fits) {
        return fail(ErrorCode::UnprocessableEntity,
                    "Invalid name: give the key a name of at most 100 characters.", "invalid_name");
    }
    CreatedApiKey created;
    created.secret =
        input.secret.empty() ? "dub_" + random_text(kSecretCharacters, tx.env()) : input.secret;
    if (prefix_of(created.secret).empty()) {
        return fail(ErrorCode::UnprocessableEntity,
                    "Invalid key: it must be 'dub_' or 'hw_' and 24 to 64 letters and digits.",
                    "invalid_key");
    }
    created.key = {.key_hash = sha256_hex(created.secret),
                   .workspace_id = input.workspace_id,
                   .api_key_id = tx.new_id("key_"),
                   .name = input.name,
                   .display = display_of(created.secret),
                   .scopes = HW_TRY(checked_scopes(input.scopes)),
                   .created_at_ms = tx.now_ms(),
                   .expires_at_ms = input.expires_at_ms};
    if (insert_api_key(tx, created.key)) return created;
    return fail(ErrorCode::Conflict, "This key is already in use.", "duplicate_key");
}

}  // namespace hw
