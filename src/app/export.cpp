// SPDX-License-Identifier: Apache-2.0
// `headwater export COLLECTION`: the rows behind what the program says, for programs that check it.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "store/exported_rows.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "Prints one JSON object a line, with every field of the row, in the order of the keys, as it\n"
    "all is at one moment; the number of rows goes to stderr. Times are milliseconds since 1970,\n"
    "money is in minor units.\n\n"
    "  attributions  every decision about every conversion; the highest seq of one stands\n"
    "  commissions   with status, amount and earnings as they stand; creditedAmount and\n"
    "                creditedEarnings are what was credited\n"
    "  conversions   with what they are called now (kind), the name they are known by (dedupKey),\n"
    "                what they changed of the MRR, the decision that stands (rung, confidence,\n"
    "                linkId, partnerId, touchId), refundedAmount, what of the amount went back,\n"
    "                and net, what is left of it\n"
    "  deliveries    of webhooks, with their last attempt\n"
    "  mrr_movements what customers began or ceased to pay per month\n"
    "  postings      of the books\n"
    "  touches       clicks, those that were not counted too\n\n"
    "Example:\n"
    "  headwater export conversions --workspace acme > conversions.ndjson\n\n"
    "Exit codes: 0 done; 1 no such workspace, or the output cannot be written; 2 no such "
    "collection; 69, 74, 78 as for every command.";

int run_export(const Invocation& invocation, const std::string& collection) {
    std::string workspace_id;
    {
        CommandDb db(invocation.database, Schema::Demand);
        const auto workspace = db.workspace(invocation.workspace);
        if (!workspace) return refused(workspace.error());
        workspace_id = workspace->workspace_id;
    }
    const auto rows =
        export_rows(invocation.database, workspace_id, collection, [](std::string_view line) {
            std::fwrite(line.data(), 1, line.size(), stdout);
            std::fputc('\n', stdout);
        });
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        fmt::print(stderr, "headwater: the output could not be written: it is not whole\n");
        return exit_code::kFailed;
    }
    fmt::print(stderr, "{} rows\n", rows);
    return exit_code::kOk;
}

}  // namespace

void add_export(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("export", "Print the rows of a collection as NDJSON.");
    const auto collection = std::make_shared<std::string>();
    command->add_option("COLLECTION", *collection, "What to print")
        ->required()
        ->check(CLI::IsMember(exported_collections()));
    add_workspace_option(*command);
    add_database_option(*command);
    command->footer(kFooter);
    command->callback([collection, &invocation] {
        invocation.run = [collection, &invocation] { return run_export(invocation, *collection); };
    });
}

}  // namespace hw
