// SPDX-License-Identifier: Apache-2.0
// A new tenant with its publishable key and, if wanted, its first domain.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "store/tx.hpp"
#include "store/workspaces.hpp"

namespace hw {

struct CreateWorkspace {
    std::string name;
    std::string slug;  // lower-case letters, digits and "-"
    std::string currency = "usd";
    std::string domain{};  // empty: none yet
};

struct CreatedWorkspace {
    Workspace workspace;
    std::optional<Domain> domain;
};

// Operator: the workspace is not there yet. Refusals are 422, and 409 for a slug or domain in use.
Result<CreatedWorkspace> create_workspace(Tx& tx, const CreateWorkspace& input);

// "dub_pk_" and 24 characters: for browsers, may tell leads and sales of allowed hosts only.
std::string new_publishable_key(Env& env);

// Another publishable key; the one before it stops working.
Result<std::string> replace_publishable_key(Tx& tx, std::string_view workspace_id);

}  // namespace hw
