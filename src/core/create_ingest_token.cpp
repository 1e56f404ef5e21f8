// SPDX-License-Identifier: Apache-2.0
#include "core/create_ingest_token.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

constexpr std::size_t kRandomCharacters = 24;
constexpr std::size_t kShownInFront = 7;
constexpr std::size_t kShownAtEnd = 4;

Result<std::string> prefix_of(std::string_view kind) {
    if (kind == "public") return "pub_";
    if (kind == "secret") return "sec_";
    if (kind == "test") return "test_";
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("Invalid kind '{}': use public, secret or test.", valid_utf8(kind)),
                "invalid_kind");
}

Result<void> check_text(const NewIngestToken& input) {
    const bool printable =
        std::ranges::all_of(input.token, [](char c) { return c > ' ' && c < 0x7F; });
    if (!printable || input.token.size() > limits::kIngestTextCharactersMax) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("Invalid token: at most {} printable ASCII characters without "
                                "blanks.",
                                limits::kIngestTextCharactersMax),
                    "invalid_token");
    }
    const bool name_fits = is_valid_utf8(input.name) && !input.name.contains('\0') &&
                           utf16_length(input.name) <= limits::kWorkspaceNameCharactersMax;
    if (name_fits) return {};
    return fail(
        ErrorCode::UnprocessableEntity,
        fmt::format("Invalid name: at most {} characters.", limits::kWorkspaceNameCharactersMax),
        "invalid_name");
}

std::string display_of(std::string_view token) {
    if (token.size() < 2 * (kShownInFront + kShownAtEnd)) return "...";
    return fmt::format("{}...{}", token.substr(0, kShownInFront),
                       token.substr(token.size() - kShownAtEnd));
}

}  // namespace

Result<CreatedIngestToken> create_ingest_token(Tx& tx, const NewIngestToken& input) {
    if (!find_workspace(tx, input.workspace_id)) {
        return fail(ErrorCode::NotFound, "Workspace not found.", "no_workspace");
    }
    const auto prefix = HW_TRY(prefix_of(input.kind));
    HW_CHECK(check_text(input));
    if (list_ingest_tokens(tx, input.workspace_id).size() >= limits::kIngestTokensMax) {
        return fail(
            ErrorCode::UnprocessableEntity,
            fmt::format("A workspace has at most {} ingest tokens.", limits::kIngestTokensMax),
            "too_many_tokens");
    }
    CreatedIngestToken created;
    created.secret =
        input.token.empty() ? prefix + random_text(kRandomCharacters, tx.env()) : input.token;
    created.token = {.token_hash = sha256_hex(created.secret),
                     .workspace_id = input.workspace_id,
                     .token_id = tx.new_id("itok_"),
                     .kind = input.kind,
                     .name = input.name,
                     .display = display_of(created.secret),
                     .created_at_ms = tx.now_ms()};
    if (insert_ingest_token(tx, created.token)) return created;
    return fail(ErrorCode::Conflict, "This token is already in use.", "duplicate_token");
}

Result<IngestToken> revoke_ingest_token_of(Tx& tx, std::string_view token_id) {
    auto revoked = revoke_ingest_token(tx, tx.workspace_id(), token_id);
    if (revoked) return *revoked;
    return fail(ErrorCode::NotFound,
                fmt::format("There is no ingest token '{}'.", valid_utf8(token_id)), "no_token");
}

}  // namespace hw
