// SPDX-License-Identifier: Apache-2.0
// `headwater tokens`: what websites and shops send with what they tell.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "base/civil_time.hpp"
#include "core/create_ingest_token.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "A public token may stand in web pages: it tells page views and events. A secret one tells\n"
    "revenue as well; a test one tells revenue that is in no total. A token is shown once.\n\n"
    "Examples:\n"
    "  headwater tokens list --workspace acme\n"
    "  headwater tokens create --workspace acme --kind public --name website\n"
    "  headwater tokens revoke itok_01J9ZZ --workspace acme\n\n"
    "Exit codes: 0 done; 1 no such token or workspace; 2 an option is wrong; 69, 74, 78 as for "
    "every command.";

struct TokenOptions {
    std::string name = "Command line";
    std::string kind = "public";
    std::string id;
};

void show(const IngestToken& token) {
    fmt::print("{}  {}  {}  made {}  \"{}\"{}\n", token.token_id, token.display, token.kind,
               date_text(token.created_at_ms), token.name,
               token.revoked_at_ms ? "  revoked " + time_text(*token.revoked_at_ms) : "");
}

int list_tokens(const Invocation& invocation, const TokenOptions&) {
    CommandDb db(invocation.database, Schema::Demand);
    const auto workspace = db.workspace(invocation.workspace);
    if (!workspace) return refused(workspace.error());
    const auto tokens = db.read([&](Tx& tx) -> Result<std::vector<IngestToken>> {
        return list_ingest_tokens(tx, workspace->workspace_id);
    });
    if (!tokens) return refused(tokens.error());
    if (tokens->empty()) {
        fmt::print("{} has no ingest tokens: make one with `headwater tokens create`\n",
                   workspace->slug);
    }
    for (const auto& token : *tokens) show(token);
    return exit_code::kOk;
}

int create_token(const Invocation& invocation, const TokenOptions& options) {
    CommandDb db(invocation.database, Schema::Migrate);
    const auto workspace = db.workspace(invocation.workspace);
    if (!workspace) return refused(workspace.error());
    const auto created = db.write([&](Tx& tx) {
        return create_ingest_token(
            tx,
            {.workspace_id = workspace->workspace_id, .kind = options.kind, .name = options.name});
    });
    if (!created) return refused(created.error());
    fmt::print(stderr, "{} \"{}\" for {}, {}. The token is shown this once:\n",
               created->token.token_id, options.name, workspace->slug, options.kind);
    fmt::print("{}\n", created->secret);
    return exit_code::kOk;
}

int revoke_token(const Invocation& invocation, const TokenOptions& options) {
    CommandDb db(invocation.database, Schema::Demand);
    const auto workspace = db.workspace(invocation.workspace);
    if (!workspace) return refused(workspace.error());
    const auto revoked = db.write([&](Tx& whole) {
        Tx tx(whole, workspace->workspace_id);
        return revoke_ingest_token_of(tx, options.id);
    });
    if (!revoked) return refused(revoked.error());
    fmt::print("revoked {}\n", options.id);
    return exit_code::kOk;
}

using Act = int (*)(const Invocation&, const TokenOptions&);

void run_with(CLI::App& command, Invocation& invocation,
              const std::shared_ptr<TokenOptions>& options, Act act) {
    add_workspace_option(command);
    add_database_option(command);
    command.callback([&invocation, options, act] {
        invocation.run = [&invocation, options, act] { return act(invocation, *options); };
    });
}

}  // namespace

void add_ingest_tokens(CLI::App& app, Invocation& invocation) {
    auto* command =
        app.add_subcommand("tokens", "List, make and revoke the tokens of websites and shops.");
    command->require_subcommand(1);
    command->footer(kFooter);
    const auto options = std::make_shared<TokenOptions>();

    auto* list = command->add_subcommand("list", "Show the tokens, not their secrets.");
    run_with(*list, invocation, options, list_tokens);

    auto* create = command->add_subcommand("create", "Make a token and print it, this once.");
    create->add_option("--kind", options->kind, "public, secret or test")
        ->check(CLI::IsMember({"public", "secret", "test"}))
        ->capture_default_str();
    create->add_option("--name", options->name, "What it is for")->capture_default_str();
    run_with(*create, invocation, options, create_token);

    auto* revoke = command->add_subcommand("revoke", "Make a token useless, at once.");
    revoke->add_option("ID", options->id, "From `headwater tokens list`")->required();
    run_with(*revoke, invocation, options, revoke_token);
}

}  // namespace hw
