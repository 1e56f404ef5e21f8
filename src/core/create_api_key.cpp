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

constexpr std::array<std::string_view, 24> kScopes = {
    "apis.all",         "apis.read",         "links.read",     "links.write",
    "tags.read",        "tags.write",        "folders.read",   "folders.write",
    "domains.read",     "domains.write",     "groups.read",    "groups.write",
    "workspaces.read",  "workspaces.write",  "webhooks.read",  "webhooks.write",
    "customers.read",   "customers.write",   "analytics.read", "conversions.write",
    "commissions.read", "commissions.write", "payouts.read",   "payouts.write"};

constexpr std::size_t kSecretCharacters = 24;
constexpr std::size_t kSecretBytesMax = 200;
constexpr std::size_t kShownInFront = 7;
constexpr std::size_t kShownAtEnd = 4;

Result<void> check_secret(std::string_view secret) {
    const bool printable = std::ranges::all_of(secret, [](char c) { return c > ' ' && c < 0x7F; });
    if (!secret.empty() && secret.size() <= kSecretBytesMax && printable) return {};
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("Invalid key: it must be 1 to {} printable ASCII characters without "
                            "blanks, for example dub_ or hw_ and 24 letters and digits.",
                            kSecretBytesMax),
                "invalid_key");
}

// For people: enough to tell keys apart, too little to guess one.
std::string display_of(std::string_view secret) {
    if (secret.size() < 2 * (kShownInFront + kShownAtEnd)) return "...";
    return fmt::format("{}...{}", secret.substr(0, kShownInFront),
                       secret.substr(secret.size() - kShownAtEnd));
}

}  // namespace

Result<std::string> normalize_scopes(std::string_view text) {
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
        if (std::ranges::find(wanted, scope) == wanted.end()) wanted.push_back(scope);
    }
    if (wanted.empty()) {
        return fail(ErrorCode::UnprocessableEntity,
                    "A key needs a scope, for example apis.all for everything.", "no_scope");
    }
    return fmt::format("{}", fmt::join(wanted, " "));
}

Result<CreatedApiKey> create_api_key(Tx& tx, const NewApiKey& input) {
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
    HW_CHECK(check_secret(created.secret));
    auto scopes = HW_TRY(normalize_scopes(input.scopes));
    created.key = {.key_hash = sha256_hex(created.secret),
                   .workspace_id = input.workspace_id,
                   .api_key_id = tx.new_id("key_"),
                   .name = input.name,
                   .display = display_of(created.secret),
                   .scopes = std::move(scopes),
                   .created_at_ms = tx.now_ms(),
                   .expires_at_ms = input.expires_at_ms};
    if (insert_api_key(tx, created.key)) return created;
    return fail(ErrorCode::Conflict, "This key is already in use.", "duplicate_key");
}

}  // namespace hw
