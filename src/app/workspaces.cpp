// SPDX-License-Identifier: Apache-2.0
// `headwater workspaces`: the tenants of this installation.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "core/create_api_key.hpp"
#include "core/create_workspace.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "A new workspace comes with a secret key, shown this once, and a publishable key for "
    "browsers.\n\n"
    "Examples:\n"
    "  headwater workspaces list\n"
    "  headwater workspaces create acme --name \"Acme Ltd\" --currency eur --domain go.acme.com\n\n"
    "Exit codes: 0 done; 1 the slug or domain is in use; 2 a value is wrong; 69, 74, 78 as for "
    "every command.";

struct Made {
    CreatedWorkspace created;
    std::string secret;
};

int list(const std::string& database) {
    CommandDb db(database, Schema::Demand);
    const auto workspaces =
        db.read([](Tx& tx) -> Result<std::vector<Workspace>> { return list_workspaces(tx); });
    if (!workspaces) return refused(workspaces.error());
    if (workspaces->empty()) {
        fmt::print("no workspaces yet: make one with `headwater workspaces create SLUG`\n");
    }
    for (const auto& workspace : *workspaces) {
        fmt::print("{}  {:<20} {}  \"{}\"  {}\n", workspace.workspace_id, workspace.slug,
                   workspace.currency, workspace.name, workspace.publishable_key.value_or("-"));
    }
    return exit_code::kOk;
}

Result<Made> make(Tx& tx, const CreateWorkspace& input) {
    Made made;
    made.created = HW_TRY(create_workspace(tx, input));
    const auto key = HW_TRY(create_api_key(
        tx, {.workspace_id = made.created.workspace.workspace_id, .name = "Command line"}));
    made.secret = key.secret;
    return made;
}

int create(const std::string& database, CreateWorkspace input) {
    if (input.name.empty()) input.name = input.slug;
    CommandDb db(database, Schema::Migrate);
    const auto made = db.write([&](Tx& tx) { return make(tx, input); });
    if (!made) return refused(made.error());
    const auto& workspace = made->created.workspace;
    fmt::print("workspace        {}  {}\n", workspace.workspace_id, workspace.slug);
    if (made->created.domain) fmt::print("domain           {}\n", made->created.domain->slug);
    fmt::print("publishable key  {}\n", workspace.publishable_key.value_or("-"));
    fmt::print("secret key       {}\n", made->secret);
    return exit_code::kOk;
}

}  // namespace

void add_workspaces(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("workspaces", "List and make workspaces.");
    command->require_subcommand(1);
    command->footer(kFooter);
    auto* list_command = command->add_subcommand("list", "Show every workspace.");
    add_database_option(*list_command);
    list_command->callback(
        [&invocation] { invocation.run = [&invocation] { return list(invocation.database); }; });
    const auto input = std::make_shared<CreateWorkspace>();
    auto* create_command =
        command->add_subcommand("create", "Make a workspace and print its keys.");
    create_command->add_option("SLUG", input->slug, "Its name in paths: a-z, 0-9 and -")
        ->required();
    create_command->add_option("--name", input->name, "For people; the slug when left out");
    create_command->add_option("--currency", input->currency, "Of its reports")
        ->capture_default_str();
    create_command->add_option("--domain", input->domain, "Its first domain for short links");
    add_database_option(*create_command);
    create_command->callback([input, &invocation] {
        invocation.run = [input, &invocation] { return create(invocation.database, *input); };
    });
}

}  // namespace hw
