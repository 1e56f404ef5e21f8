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

void add_commands(CLI::App& app, Invocation& invocation) {
    add_serve(app, invocation);
    add_seed(app, invocation);
}

}  // namespace hw
