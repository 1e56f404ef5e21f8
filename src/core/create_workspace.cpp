// SPDX-License-Identifier: Apache-2.0
#include "core/create_workspace.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/money.hpp"
#include "base/utf8.hpp"
#include "core/create_domain.hpp"

namespace hw {
namespace {

constexpr std::size_t kKeyCharacters = 24;

std::unexpected<Error> refuse(std::string message) {
    return fail(ErrorCode::UnprocessableEntity, std::move(message), "invalid_workspace");
}

bool is_slug(std::string_view text) {
    const bool known = std::ranges::all_of(
        text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
    return known && !text.empty() && text.size() <= limits::kSlugCharactersMax &&
           !text.starts_with('-') && !text.ends_with('-');
}

bool is_name(std::string_view text) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
    return is_valid_utf8(text) && std::ranges::none_of(text, is_control) &&
           text.find_first_not_of(' ') != text.npos &&
           utf16_length(text) <= limits::kWorkspaceNameCharactersMax;
}

}  // namespace

std::string new_publishable_key(Env& env) {
    return "dub_pk_" + random_text(kKeyCharacters, env);
}

Result<CreatedWorkspace> create_workspace(Tx& tx, const CreateWorkspace& input) {
    if (!is_name(input.name)) {
        return refuse("Invalid name: give the workspace a name of 1 to 100 characters.");
    }
    if (!is_slug(input.slug)) {
        return refuse(
            "Invalid slug: use 1 to 48 lower-case letters, digits and hyphens, with no hyphen at "
            "the ends.");
    }
    CreatedWorkspace created;
    auto& workspace = created.workspace;
    workspace.workspace_id = tx.new_id("ws_");
    workspace.slug = input.slug;
    workspace.name = input.name;
    workspace.currency = ascii_lower(input.currency);
    workspace.publishable_key = new_publishable_key(tx.env());
    workspace.created_at_ms = tx.now_ms();
    if (!currency_exponent(workspace.currency)) {
        return refuse(
            "Invalid currency: give the three letters of an ISO 4217 currency, for example usd.");
    }
    if (!insert_workspace(tx, workspace)) {
        return fail(ErrorCode::Conflict,
                    "The slug '" + input.slug + "' is already in use. Choose another one.",
                    "duplicate_slug");
    }
    if (!input.domain.empty()) {
        created.domain = HW_TRY(create_domain(tx, workspace.workspace_id, input.domain));
    }
    return created;
}

Result<std::string> replace_publishable_key(Tx& tx, std::string_view workspace_id) {
    const auto workspace = find_workspace(tx, workspace_id);
    if (!workspace) return fail(ErrorCode::NotFound, "Workspace not found.", "no_workspace");
    auto key = new_publishable_key(tx.env());
    set_publishable_key(tx, workspace_id, key, workspace->publishable_key);
    return key;
}

}  // namespace hw
