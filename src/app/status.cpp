// SPDX-License-Identifier: Apache-2.0
// `headwater status`: whether attribution works, workspace by workspace.
#include <fmt/format.h>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "core/client_health.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "Example:\n"
    "  headwater status --workspace acme\n\n"
    "Exit codes: 0 every workspace works; 1 one has issues or does not work, or there is no such "
    "workspace; 2, 69, 78 as for every command.";

Result<std::vector<Workspace>> chosen(CommandDb& db, const std::string& name) {
    if (name.empty()) {
        return db.read(
            [](Tx& tx) -> Result<std::vector<Workspace>> { return list_workspaces(tx); });
    }
    auto workspace = HW_TRY(db.workspace(name));
    return std::vector{std::move(workspace)};
}

int status(const std::string& database, const std::string& name) {
    CommandDb db(database, Schema::Demand);
    const auto workspaces = chosen(db, name);
    if (!workspaces) return refused(workspaces.error());
    bool all_work = true;
    for (const auto& workspace : *workspaces) {
        const auto health =
            db.read([](Tx& tx) -> Result<ClientHealth> { return client_health(tx); },
                    workspace.workspace_id);
        if (!health) return refused(health.error());
        fmt::print("{}", health_text(*health));
        all_work = all_work && health->verdict.status == "working";
    }
    if (workspaces->empty()) {
        fmt::print("no workspaces yet: make one with `headwater workspaces create SLUG`\n");
    }
    return all_work ? exit_code::kOk : exit_code::kFailed;
}

}  // namespace

void add_status(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("status", "Tell whether conversions arrive and belong.");
    command->add_option("--workspace", "Slug or id; every workspace when left out")
        ->envname("HEADWATER_WORKSPACE");
    add_database_option(*command);
    command->footer(kFooter);
    command->callback([&invocation] {
        invocation.run = [&invocation] {
            return status(invocation.database, invocation.workspace);
        };
    });
}

}  // namespace hw
