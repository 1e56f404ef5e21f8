// SPDX-License-Identifier: Apache-2.0
#include "app/commands.hpp"

namespace hw {

namespace {

// CLI11 reads the environment for every command, also for those that do not run, so a variable of
// another command's option must not be the one that this command sees.
void add_own_text_option(CLI::App& command, const char* name, const char* about,
                         const char* variable) {
    command.add_option_function<std::string>(
               name, [](const std::string&) {}, about)
        ->envname(variable);
}

// "--log-level" is HEADWATER_LOG_LEVEL, for each option that has a name and no variable yet.
void name_variables(CLI::App& command) {
    for (auto* option : command.get_options()) {
        const auto& names = option->get_lnames();
        if (names.empty() || names.front() == "help" || !option->get_envname().empty()) continue;
        std::string variable = "HEADWATER_";
        for (const char c : names.front()) {
            variable += c == '-' ? '_' : static_cast<char>(c >= 'a' ? c - 32 : c);
        }
        option->envname(variable);
    }
}

std::string value_of(const CLI::App& command, const char* name, const std::string& fallback) {
    const auto* option = command.get_option_no_throw(name);
    return option == nullptr || option->empty() ? fallback : option->results().back();
}

}  // namespace

void add_database_option(CLI::App& command) {
    add_own_text_option(command, "--database",
                        "sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME",
                        "HEADWATER_DATABASE");
    command.get_option("--database")->default_str(kDefaultDatabase);
}

void add_workspace_option(CLI::App& command) {
    add_own_text_option(command, "--workspace",
                        "Slug or id; may be left out where there is only one",
                        "HEADWATER_WORKSPACE");
}

void resolve(const CLI::App& app, Invocation& invocation) {
    const auto* leaf = &app;
    while (!leaf->get_subcommands().empty()) leaf = leaf->get_subcommands().front();
    invocation.database = value_of(*leaf, "--database", kDefaultDatabase);
    invocation.workspace = value_of(*leaf, "--workspace", {});
}

void add_commands(CLI::App& app, Invocation& invocation) {
    add_serve(app, invocation);
    add_demo(app, invocation);
    add_seed(app, invocation);
    add_workspaces(app, invocation);
    add_keys(app, invocation);
    add_ingest_tokens(app, invocation);
    add_explain(app, invocation);
    add_orphans(app, invocation);
    add_quarantine(app, invocation);
    add_payment_accounts(app, invocation);
    add_diagnose(app, invocation);
    add_status(app, invocation);
    add_verify(app, invocation);
    add_doctor(app, invocation);
    add_migrate(app, invocation);
    add_backup(app, invocation);
    add_restore(app, invocation);
    add_fx(app, invocation);
    add_export(app, invocation);
    add_import(app, invocation);
    add_spend(app, invocation);
    add_jobs(app, invocation);
    add_routes(app, invocation);
    add_sql(app, invocation);
    add_statement(app, invocation);
    for (const auto* name : {"serve", "demo"}) name_variables(*app.get_subcommand(name));
}

}  // namespace hw
