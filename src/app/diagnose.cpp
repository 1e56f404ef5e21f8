// SPDX-License-Identifier: Apache-2.0
// `headwater diagnose`: what the ladder would do with a sale now, and what is missing.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "core/diagnose_sale.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "Asks the function that decides, and changes nothing.\n\n"
    "Examples:\n"
    "  headwater diagnose --link summer --workspace acme\n"
    "  headwater diagnose --invoice in_1Q2w --workspace acme\n\n"
    "Exit codes: 0 the sale would count for a link and nothing is wrong; 1 it would not, there is "
    "a problem, or no such conversion or workspace; 2, 69, 78 as for every command.";

bool is_well(const SaleDiagnosis& diagnosis) {
    for (const auto& finding : diagnosis.findings) {
        if (finding.is_problem) return false;
    }
    return diagnosis.match.counts();
}

int diagnose(const std::string& database, const std::string& workspace, const DiagnoseSale& input) {
    CommandDb db(database, Schema::Demand);
    const auto owner = db.workspace(workspace);
    if (!owner) return refused(owner.error());
    const auto diagnosis =
        db.read([&](Tx& tx) { return diagnose_sale(tx, input); }, owner->workspace_id);
    if (!diagnosis) return refused(diagnosis.error());
    fmt::print("{}", diagnosis_text(*diagnosis));
    return is_well(*diagnosis) ? exit_code::kOk : exit_code::kFailed;
}

}  // namespace

void add_diagnose(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand(
        "diagnose", "Tell what a sale would be attributed to now, and what is missing.");
    const auto input = std::make_shared<DiagnoseSale>();
    auto* subject = command->add_option_group("subject");
    subject->add_option("--link", input->link_slug, "The next payment that names this link key");
    subject->add_option("--invoice", input->invoice_id, "A payment that was told");
    subject->add_option("--conversion", input->conversion_id, "A sale that was told");
    subject->require_option(1);
    add_workspace_option(*command);
    add_database_option(*command);
    command->footer(kFooter);
    command->callback([input, &invocation] {
        invocation.run = [input, &invocation] {
            return diagnose(invocation.database, invocation.workspace, *input);
        };
    });
}

}  // namespace hw
