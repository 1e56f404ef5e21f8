// SPDX-License-Identifier: Apache-2.0
// `headwater sql`: every statement that the program can send to a database, by name.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "store/health.hpp"
#include "store/query.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "The engine is that of --database. Some statements exist for one engine only.\n\n"
    "Examples:\n"
    "  headwater sql list\n"
    "  headwater sql show find_link_by_key\n"
    "  headwater sql explain find_link_by_key --database postgres://localhost/headwater\n\n"
    "Exit codes: 0 done; 1 no such statement, or not on this engine; 2, 69, 78 as for every "
    "command.";

// The statement of that name, which this engine must have.
Result<const Query*> find_query(const std::string& name, EngineKind engine) {
    const auto all = all_queries();
    const auto found = std::ranges::find(all, name, &Query::name);
    if (found == all.end()) {
        return fail(
            ErrorCode::NotFound,
            fmt::format("there is no statement '{}'; `headwater sql list` names them all", name));
    }
    if ((*found)->sql(engine).empty()) {
        return fail(ErrorCode::NotFound,
                    fmt::format("'{}' does not exist on this engine; give the other one's "
                                "--database",
                                name));
    }
    return *found;
}

int list() {
    for (const auto* query : all_queries()) {
        const bool sqlite = !query->sql(EngineKind::Sqlite).empty();
        const bool postgres = !query->sql(EngineKind::Postgres).empty();
        fmt::print("{:<36} {}\n", query->name(),
                   sqlite && postgres ? "both engines" : (sqlite ? "sqlite" : "postgres"));
    }
    return exit_code::kOk;
}

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \n");
    return from == text.npos ? text : text.substr(from, text.find_last_not_of(" \n") - from + 1);
}

int show(const std::string& database, const std::string& name) {
    const auto engine = engine_of(database);
    const auto query = find_query(name, engine);
    if (!query) return refused(query.error());
    fmt::print("{}\n", trimmed((*query)->sql(engine)));
    return exit_code::kOk;
}

int explain_plan(const std::string& database, const std::string& name) {
    const auto query = find_query(name, engine_of(database));
    if (!query) return refused(query.error());
    demand_schema(database);
    fmt::print("{}", connect(database, Access::ReadOnly)->explain(**query));
    return exit_code::kOk;
}

}  // namespace

void add_sql(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("sql", "Show the program's SQL statements and their plans.");
    command->require_subcommand(1);
    command->footer(kFooter);
    command->add_subcommand("list", "Name every statement.")->callback([&invocation] {
        invocation.run = list;
    });
    const auto name = std::make_shared<std::string>();
    auto* show_command = command->add_subcommand("show", "Print one statement.");
    show_command->add_option("NAME", *name, "From `headwater sql list`")->required();
    add_database_option(*show_command);
    show_command->callback([name, &invocation] {
        invocation.run = [name, &invocation] { return show(invocation.database, *name); };
    });
    auto* explain_command =
        command->add_subcommand("explain", "Print the plan that the database makes for one.");
    explain_command->add_option("NAME", *name, "From `headwater sql list`")->required();
    add_database_option(*explain_command);
    explain_command->callback([name, &invocation] {
        invocation.run = [name, &invocation] { return explain_plan(invocation.database, *name); };
    });
}

}  // namespace hw
