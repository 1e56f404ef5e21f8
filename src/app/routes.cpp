// SPDX-License-Identifier: Apache-2.0
// `headwater routes`: which paths the server answers, and with whose keys.
#include "api/routes.hpp"

#include <fmt/format.h>

#include <memory>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "base/log.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "Every path answers with and without /api in front. Short links are not listed: they are all "
    "other paths of a workspace's domain.\n\n"
    "Example:\n"
    "  headwater routes --json | jq -r '.[] | select(.auth == \"secret\") | .path'\n\n"
    "Exit codes: 0; 2 for a wrong command line.";

std::string_view auth_name(Auth auth) {
    switch (auth) {
        case Auth::None:
            return "none";
        case Auth::Secret:
            return "secret";
        case Auth::Publishable:
            return "publishable";
    }
    return "";
}

void print_json() {
    std::string rows;
    for (const auto& route : routes()) {
        rows += fmt::format(
            "{}\n  {{\"method\": {}, \"path\": {}, \"operation\": {}, \"auth\": {}, \"scope\": "
            "{}}}",
            rows.empty() ? "" : ",", json_quoted(route.method), json_quoted(route.path),
            json_quoted(route.operation), json_quoted(auth_name(route.auth)),
            route.scope.empty() ? "null" : json_quoted(route.scope));
    }
    fmt::print("[{}\n]\n", rows);
}

void print_table() {
    for (const auto& route : routes()) {
        fmt::print("{:<7} {:<36} {:<24} {:<12} {}\n", route.method, route.path, route.operation,
                   auth_name(route.auth), route.scope);
    }
}

}  // namespace

void add_routes(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("routes", "List the paths of the API.");
    const auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "As JSON: method, path, operation, auth, scope");
    command->footer(kFooter);
    command->callback([json, &invocation] {
        invocation.run = [json] {
            *json ? print_json() : print_table();
            return exit_code::kOk;
        };
    });
}

}  // namespace hw
