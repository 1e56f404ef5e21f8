// SPDX-License-Identifier: Apache-2.0
#include "core/setup.hpp"

#include "base/digest.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "core/create_api_key.hpp"
#include "store/setup_tokens.hpp"

namespace hw {
namespace {

constexpr std::size_t kTokenCharacters = 43;  // 256 bits

Error gone() {
    return {ErrorCode::Gone,
            "This setup link was used already or is older than 30 minutes. Run "
            "`headwater keys setup-link` on the server to get a new one.",
            "setup_token_spent"};
}

}  // namespace

std::string create_setup_token(Tx& tx) {
    delete_expired_setup_tokens(tx);
    auto token = random_text(kTokenCharacters, tx.env());
    insert_setup_token(tx, sha256_hex(token), tx.now_ms() + limits::kSetupTokenMs);
    return token;
}

Result<void> check_setup_token(Tx& tx, std::string_view token) {
    if (is_setup_token_open(tx, sha256_hex(token))) return {};
    return std::unexpected(gone());
}

Result<CompletedSetup> complete_setup(Tx& tx, std::string_view token,
                                      const CreateWorkspace& input) {
    // Any refusal below rolls this back, and the link stays good.
    if (!use_setup_token(tx, sha256_hex(token))) return std::unexpected(gone());
    auto created = HW_TRY(create_workspace(tx, input));
    auto key = HW_TRY(
        create_api_key(tx, {.workspace_id = created.workspace.workspace_id, .name = "Setup"}));
    return CompletedSetup{std::move(created.workspace), std::move(created.domain),
                          std::move(key.secret)};
}

}  // namespace hw
