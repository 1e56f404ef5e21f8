// SPDX-License-Identifier: Apache-2.0
// `headwater keys`: the secret keys of a workspace, and the link that sets up a new one.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "base/civil_time.hpp"
#include "core/create_api_key.hpp"
#include "core/revoke_api_key.hpp"
#include "core/setup.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "A key is shown once, when it is made: only its hash is stored.\n\n"
    "Examples:\n"
    "  headwater keys list --workspace acme\n"
    "  headwater keys create --workspace acme --name shop --scopes conversions.write,links.read\n"
    "  headwater keys delete key_01J9ZZ --workspace acme\n"
    "  headwater keys setup-link --public-url https://go.example.com\n\n"
    "Exit codes: 0 done; 1 no such key or workspace; 2 a scope or option is wrong; 69, 74, 78 as "
    "for every command.";

struct KeyOptions {
    std::string name = "Command line";
    std::string scopes = std::string(kAllScopes);
    std::string id;
    std::string public_url = "http://127.0.0.1:8080";
};

int list_keys(const Invocation& invocation) {
    CommandDb db(invocation.database, Schema::Demand);
    const auto workspace = db.workspace(invocation.workspace);
    if (!workspace) return refused(workspace.error());
    const auto keys = db.read([&](Tx& tx) -> Result<std::vector<ApiKey>> {
        return list_api_keys(tx, workspace->workspace_id);
    });
    if (!keys) return refused(keys.error());
    if (keys->empty()) {
        fmt::print("{} has no keys: make one with `headwater keys create`\n", workspace->slug);
    }
    for (const auto& key : *keys) {
        fmt::print("{}  {}  made {}  {}  \"{}\"{}\n", key.api_key_id, key.display,
                   date_text(key.created_at_ms), key.scopes, key.name,
                   key.expires_at_ms ? "  until " + time_text(*key.expires_at_ms) : "");
    }
    return exit_code::kOk;
}

int create_key(const Invocation& invocation, const KeyOptions& options) {
    CommandDb db(invocation.database, Schema::Migrate);
    const auto workspace = db.workspace(invocation.workspace);
    if (!workspace) return refused(workspace.error());
    const auto created = db.write([&](Tx& tx) {
        return create_api_key(tx, {.workspace_id = workspace->workspace_id,
                                   .name = options.name,
                                   .scopes = options.scopes});
    });
    if (!created) return refused(created.error());
    fmt::print(stderr, "{} \"{}\" for {} with {}. The key is shown this once:\n",
               created->key.api_key_id, options.name, workspace->slug, created->key.scopes);
    fmt::print("{}\n", created->secret);
    return exit_code::kOk;
}

int delete_key(const Invocation& invocation, const KeyOptions& options) {
    CommandDb db(invocation.database, Schema::Demand);
    const auto workspace = db.workspace(invocation.workspace);
    if (!workspace) return refused(workspace.error());
    const auto deleted = db.write([&](Tx& tx) -> Result<bool> {
        HW_CHECK(revoke_api_key(tx, workspace->workspace_id, options.id));
        return true;
    });
    if (!deleted) {
        return refused({deleted.error().code,
                        fmt::format("{} has no key '{}'; `headwater keys list` shows its keys",
                                    workspace->slug, options.id)});
    }
    fmt::print("deleted {}\n", options.id);
    return exit_code::kOk;
}

int print_setup_link(const Invocation& invocation, const KeyOptions& options) {
    CommandDb db(invocation.database, Schema::Migrate);
    const auto token =
        db.write([](Tx& tx) -> Result<std::string> { return create_setup_token(tx); });
    if (!token) return refused(token.error());
    fmt::print(stderr, "Whoever opens this link makes a workspace; good once, for 30 minutes:\n");
    auto base = options.public_url;
    while (base.ends_with('/')) base.pop_back();
    fmt::print("{}/setup/{}\n", base, *token);
    return exit_code::kOk;
}

using Act = int (*)(const Invocation&, const KeyOptions&);

void run_with(CLI::App& command, Invocation& invocation, const std::shared_ptr<KeyOptions>& options,
              Act act) {
    command.callback([&invocation, options, act] {
        invocation.run = [&invocation, options, act] { return act(invocation, *options); };
    });
}

}  // namespace

void add_keys(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("keys", "List, make and delete the keys of a workspace.");
    command->require_subcommand(1);
    command->footer(kFooter);
    const auto options = std::make_shared<KeyOptions>();

    auto* list = command->add_subcommand("list", "Show the keys, not their secrets.");
    add_workspace_option(*list);
    add_database_option(*list);
    run_with(*list, invocation, options,
             [](const Invocation& call, const KeyOptions&) { return list_keys(call); });

    auto* create = command->add_subcommand("create", "Make a key and print it, this once.");
    create->add_option("--name", options->name, "What it is for")->capture_default_str();
    create->add_option("--scopes", options->scopes, "Separated by commas")->capture_default_str();
    add_workspace_option(*create);
    add_database_option(*create);
    run_with(*create, invocation, options, create_key);

    auto* remove = command->add_subcommand("delete", "Make a key useless, at once.");
    remove->add_option("ID", options->id, "From `headwater keys list`")->required();
    add_workspace_option(*remove);
    add_database_option(*remove);
    run_with(*remove, invocation, options, delete_key);

    auto* setup = command->add_subcommand(
        "setup-link", "Print a link that makes a workspace with its keys in the browser.");
    setup->add_option("--public-url", options->public_url, "Where browsers reach the server")
        ->envname("HEADWATER_PUBLIC_URL")
        ->capture_default_str();
    add_database_option(*setup);
    run_with(*setup, invocation, options, print_setup_link);
}

}  // namespace hw
