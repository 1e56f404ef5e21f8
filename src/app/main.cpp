// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdlib>

#include "app/commands.hpp"
#include "app/config_file.hpp"
#include "app/exit_code.hpp"
#include "base/fault.hpp"

namespace {

constexpr auto kAbout =
    "Headwater answers one question for every sale: which click, link, partner or campaign did it "
    "come from, and who is owed what for it.";
constexpr auto kExitCodes =
    "Exit codes: 0 done; 1 the command's answer is no; 2 wrong command line or file; 69 the "
    "database does not answer; 74 the disk failed; 78 the database is newer or not Headwater's.\n"
    "Options come from the command line, else from HEADWATER_* in the environment, else from the "
    "file that --config names (TOML).";

int exit_code_of(const hw::Fault& fault) {
    switch (fault.kind()) {
        case hw::FaultKind::Lost:
        case hw::FaultKind::Retryable:
            return hw::exit_code::kUnavailable;
        case hw::FaultKind::Full:
        case hw::FaultKind::Broken:
            return hw::exit_code::kDiskFailed;
        case hw::FaultKind::Incompatible:
            return hw::exit_code::kIncompatible;
        case hw::FaultKind::Bug:
            break;
    }
    return hw::exit_code::kFailed;
}

int run(int argc, char** argv) {
    CLI::App app(kAbout, "headwater");
    app.footer(kExitCodes);
    app.set_version_flag("--version", "headwater " HEADWATER_VERSION);
    const auto* config = std::getenv("HEADWATER_CONFIG");
    app.set_config("--config", config == nullptr ? "" : config,
                   "TOML file with options; those in a section [COMMAND] are for it alone. "
                   "(Env:HEADWATER_CONFIG)",
                   config != nullptr);
    app.config_formatter(std::make_shared<hw::ConfigFile>(app));
    app.require_subcommand(1);
    app.fallthrough();

    hw::Invocation invocation;
    hw::add_commands(app, invocation);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? hw::exit_code::kOk : hw::exit_code::kUsage;
    }
    hw::resolve(app, invocation);
    return invocation.run();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const hw::Fault& fault) {
        fmt::print(stderr, "headwater: {}\n", fault.what());
        return exit_code_of(fault);
    } catch (const std::exception& bug) {
        fmt::print(stderr, "headwater: unexpected: {}\n", bug.what());
        return hw::exit_code::kFailed;
    }
}
