// SPDX-License-Identifier: Apache-2.0
// `headwater verify`: every derived number again from the facts, and what differs.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "core/verify_books.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "Recomputes the totals of links and customers, the counts of hours and of closed days and the "
    "names that lead to a conversion. Reads only, one workspace at a time, each as it is at one "
    "moment; the server may "
    "run meanwhile.\n\n"
    "Example:\n"
    "  headwater verify --database sqlite:./headwater.db\n\n"
    "Exit codes: 0 everything agrees; 1 something differs (each difference is a line), or there "
    "is no such workspace; 2, 69, 78 as for every command.";

Result<VerifiedBooks> verified(CommandDb& db, const std::string& name) {
    if (name.empty()) return verify_all_books(db.db());
    const auto workspace = HW_TRY(db.workspace(name));
    return db.read([](Tx& tx) -> Result<VerifiedBooks> { return verify_books(tx); },
                   workspace.workspace_id);
}

int verify(const std::string& database, const std::string& workspace) {
    CommandDb db(database, Schema::Demand);
    const auto books = verified(db, workspace);
    if (!books) return refused(books.error());
    for (const auto& difference : books->first) {
        fmt::print("{} {}: expected {}, found {}\n", difference.table, difference.key,
                   difference.expected, difference.found);
    }
    const auto left_out = books->differences - static_cast<std::int64_t>(books->first.size());
    if (left_out > 0) fmt::print("and {} more\n", left_out);
    fmt::print("{} workspaces, {} clicks, {} conversions, {} link totals, {} rollups: {}\n",
               books->workspaces, books->clicks, books->conversions, books->link_totals,
               books->rollups,
               books->differences == 0 ? "no difference"
                                       : fmt::format("{} differences", books->differences));
    return books->differences == 0 ? exit_code::kOk : exit_code::kFailed;
}

}  // namespace

void add_verify(CLI::App& app, Invocation& invocation) {
    auto* command =
        app.add_subcommand("verify", "Recompute every count from the facts and compare.");
    command->add_option("--workspace", "Slug or id; every workspace when left out")
        ->envname("HEADWATER_WORKSPACE");
    add_database_option(*command);
    command->footer(kFooter);
    command->callback([&invocation] {
        invocation.run = [&invocation] {
            return verify(invocation.database, invocation.workspace);
        };
    });
}

}  // namespace hw
