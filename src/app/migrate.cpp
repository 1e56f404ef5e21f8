// SPDX-License-Identifier: Apache-2.0
// `headwater migrate`: the database gets this binary's schema. `serve` does the same at start.
#include "store/migrate.hpp"

#include <fmt/format.h>

#include "app/commands.hpp"
#include "app/exit_code.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "Makes the database where there is none. Safe to run at any time and from several machines: "
    "each step runs once, under a lock, in one transaction.\n\n"
    "Example:\n"
    "  headwater migrate --database postgres://headwater@db.example.com:5432/headwater\n\n"
    "Exit codes: 0 the schema is current; 69 the database does not answer; 78 it is newer than "
    "this headwater, or not Headwater's.";

int run_migrations(const std::string& database) {
    const auto applied = migrate(database);
    const auto migrations = embedded_migrations();
    for (const auto version : applied) {
        fmt::print("applied {}\n", migrations[static_cast<std::size_t>(version - 1)].name);
    }
    fmt::print("the schema is at version {}{}\n", migrations.back().version,
               applied.empty() ? "; nothing to do" : "");
    return exit_code::kOk;
}

}  // namespace

void add_migrate(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("migrate", "Make the database, or bring it to this schema.");
    add_database_option(*command);
    command->footer(kFooter);
    command->callback([&invocation] {
        invocation.run = [&invocation] { return run_migrations(invocation.database); };
    });
}

}  // namespace hw
