// SPDX-License-Identifier: Apache-2.0
// The commands of the program. Each function adds one to the command line; `run` is what main()
// calls when the user asked for it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace hw {

inline constexpr auto kDefaultDatabase = "sqlite:./headwater.db";

struct Invocation {
    std::string database = kDefaultDatabase;
    std::string workspace;     // slug or id; empty: the only one there is
    std::function<int()> run;  // gives the exit code
};

// Adds --database to a command. Each command has an option of its own, of which the one that runs
// counts; resolve() puts it into the invocation.
void add_database_option(CLI::App& command);

// Adds --workspace to a command.
void add_workspace_option(CLI::App& command);

void add_serve(CLI::App& app, Invocation& invocation);
void add_demo(CLI::App& app, Invocation& invocation);
void add_seed(CLI::App& app, Invocation& invocation);
void add_workspaces(CLI::App& app, Invocation& invocation);
void add_ingest_tokens(CLI::App& app, Invocation& invocation);
void add_keys(CLI::App& app, Invocation& invocation);
void add_explain(CLI::App& app, Invocation& invocation);
void add_verify(CLI::App& app, Invocation& invocation);
void add_diagnose(CLI::App& app, Invocation& invocation);
void add_doctor(CLI::App& app, Invocation& invocation);
void add_migrate(CLI::App& app, Invocation& invocation);
void add_backup(CLI::App& app, Invocation& invocation);
void add_restore(CLI::App& app, Invocation& invocation);
void add_fx(CLI::App& app, Invocation& invocation);
void add_export(CLI::App& app, Invocation& invocation);
void add_import(CLI::App& app, Invocation& invocation);
void add_spend(CLI::App& app, Invocation& invocation);
void add_jobs(CLI::App& app, Invocation& invocation);
void add_orphans(CLI::App& app, Invocation& invocation);
void add_payment_accounts(CLI::App& app, Invocation& invocation);
void add_quarantine(CLI::App& app, Invocation& invocation);
void add_routes(CLI::App& app, Invocation& invocation);
void add_sql(CLI::App& app, Invocation& invocation);
void add_statement(CLI::App& app, Invocation& invocation);
void add_status(CLI::App& app, Invocation& invocation);

// After parsing: the shared options of the command that runs.
void resolve(const CLI::App& app, Invocation& invocation);

// All of them, in the order of --help.
void add_commands(CLI::App& app, Invocation& invocation);

}  // namespace hw
