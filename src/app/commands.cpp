// SPDX-License-Identifier: Apache-2.0
#include "app/commands.hpp"

namespace hw {

void add_database_option(CLI::App& command, Invocation& invocation) {
    command
        .add_option("--database", invocation.database,
                    "sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME")
        ->envname("HEADWATER_DATABASE")
        ->capture_default_str();
}

void add_workspace_option(CLI::App& command, Invocation& invocation) {
    command
        .add_option("--workspace", invocation.workspace,
                    "Slug or id; may be left out where there is only one")
        ->envname("HEADWATER_WORKSPACE");
}

void add_commands(CLI::App& app, Invocation& invocation) {
    add_serve(app, invocation);
    add_demo(app, invocation);
    add_seed(app, invocation);
    add_workspaces(app, invocation);
    add_keys(app, invocation);
    add_explain(app, invocation);
    add_doctor(app, invocation);
    add_migrate(app, invocation);
    add_fx(app, invocation);
    add_routes(app, invocation);
    add_sql(app, invocation);
}

}  // namespace hw
