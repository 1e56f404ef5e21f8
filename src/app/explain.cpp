// SPDX-License-Identifier: Apache-2.0
// `headwater explain ID`: why a conversion belongs where it does.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "core/explain_conversion.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "Prints the fact, every decision about it, and each click, lead and link that was looked at "
    "with the reason why it was taken or not.\n\n"
    "Example:\n"
    "  headwater explain INV-2026-0042 --workspace acme\n\n"
    "Exit codes: 0 explained; 1 no such conversion, invoice or workspace; 2, 69, 78 as for every "
    "command.";

int explain(const std::string& database, const std::string& workspace, const std::string& id) {
    CommandDb db(database, Schema::Demand);
    const auto owner = db.workspace(workspace);
    if (!owner) return refused(owner.error());
    const auto explanation =
        db.read([&](Tx& tx) { return explain_conversion(tx, id); }, owner->workspace_id);
    if (!explanation) return refused(explanation.error());
    fmt::print("{}", explanation_text(*explanation));
    return exit_code::kOk;
}

}  // namespace

void add_explain(CLI::App& app, Invocation& invocation) {
    auto* command =
        app.add_subcommand("explain", "Tell why a conversion belongs to its click and link.");
    const auto id = std::make_shared<std::string>();
    command->add_option("ID", *id, "Conversion id or invoice id")->required();
    add_workspace_option(*command);
    add_database_option(*command);
    command->footer(kFooter);
    command->callback([id, &invocation] {
        invocation.run = [id, &invocation] {
            return explain(invocation.database, invocation.workspace, *id);
        };
    });
}

}  // namespace hw
