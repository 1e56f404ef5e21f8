// SPDX-License-Identifier: Apache-2.0
#include "app/doctor.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/listen_address.hpp"
#include "app/system_env.hpp"
#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "net/server.hpp"
#include "store/health.hpp"
#include "store/migrate.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "Prints one line per check: [ok], [warn] or [FAIL], and under it the fix.\n\n"
    "Example:\n"
    "  headwater doctor --database sqlite:/var/lib/headwater/headwater.db --listen 0.0.0.0:8080\n\n"
    "Exit codes: 0 nothing failed (there may be warnings); 1 something failed; 2 for a wrong "
    "command line.";

constexpr std::uintmax_t kDiskLow = 1'000'000'000;
constexpr std::uintmax_t kDiskTooLow = 100'000'000;
constexpr std::int64_t kClockDriftMs = 1'000;
constexpr rlim_t kFilesMin = limits::kConnectionsMax + 1'000;

using Findings = std::vector<Finding>;

void add(Findings& found, Lamp lamp, std::string check, std::string detail, std::string fix = {}) {
    found.push_back({lamp, std::move(check), std::move(detail),
                     lamp == Lamp::Green ? std::string{} : std::move(fix)});
}

void check_schema(Findings& found, Connection& connection) {
    const int version = find_schema_version(connection);
    const int wanted = embedded_migrations().back().version;
    const auto detail = fmt::format("version {}, this headwater has {}", version, wanted);
    if (version == wanted) return add(found, Lamp::Green, "schema", detail);
    add(found, Lamp::Red, "schema", detail,
        version < wanted ? "run `headwater migrate`"
                         : "run the newer headwater that upgraded the database");
}

void check_write(Findings& found, Connection& connection) {
    const auto begin = std::chrono::steady_clock::now();
    probe_write(connection);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    add(found, Lamp::Green, "write and fsync", fmt::format("a commit took {} ms", took.count()));
}

void check_durability(Findings& found, Connection& connection) {
    for (const auto& setting : durability_settings(connection)) {
        add(found, setting.safe ? Lamp::Green : Lamp::Red, setting.name, setting.value,
            connection.engine() == EngineKind::Sqlite
                ? "keep the file on a local disk that supports shared memory"
                : fmt::format("set {} = on in postgresql.conf: without it a power cut loses "
                              "what was acknowledged",
                              setting.name));
    }
}

void check_clock(Findings& found, Connection& connection, std::int64_t now_ms) {
    const auto theirs = database_clock_ms(connection);
    if (!theirs) return;
    const auto drift_ms = std::abs(*theirs - now_ms);
    const auto lamp = drift_ms > limits::kClockSkewMs ? Lamp::Red
                      : drift_ms > kClockDriftMs      ? Lamp::Yellow
                                                      : Lamp::Green;
    add(found, lamp, "clock", fmt::format("{} ms from the database's", drift_ms),
        "let both machines follow a time server, for example with chrony");
}

// SQLite has no clock of its own, but its last write must not lie ahead of us.
void check_file_clock(Findings& found, const std::filesystem::path& file, std::int64_t now_ms) {
    std::error_code failed;
    const auto written = std::filesystem::last_write_time(file, failed);
    if (failed) return;
    const auto written_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                std::chrono::file_clock::to_sys(written).time_since_epoch())
                                .count();
    const bool ahead = written_ms > now_ms + kClockDriftMs;
    add(found, ahead ? Lamp::Red : Lamp::Green, "clock",
        fmt::format("{}, the database was last written {}", time_text(now_ms),
                    time_text(written_ms)),
        "this machine's clock went back: let it follow a time server before you serve");
}

void check_row_security(Findings& found, Connection& connection) {
    const auto security = row_security(connection);
    if (!security) return;
    const bool whole = security->unprotected_tables.empty();
    add(found, whole && security->bound ? Lamp::Green : Lamp::Red, "row level security",
        whole ? (security->bound ? "on, and binds the role that serves"
                                 : "on, but the role that serves is exempt from it")
              : fmt::format("off for {}", fmt::join(security->unprotected_tables, ", ")),
        whole ? "connect as a role that is neither superuser nor BYPASSRLS and is a member of "
                "headwater_app"
              : "restore the policies: the migrations make them, somebody dropped them");
}

void check_setup_tokens(Findings& found, Connection& connection, std::int64_t now_ms) {
    const auto tokens = count_setup_tokens(connection, now_ms);
    add(found, tokens.open > 0 ? Lamp::Yellow : Lamp::Green, "setup links",
        fmt::format("{} open, {} expired", tokens.open, tokens.expired),
        "open ones let their holder make a workspace; they end by themselves after 30 minutes");
}

void check_database(Findings& found, const std::string& database, std::int64_t now_ms) {
    const auto connection = connect(database, Access::ReadWrite);
    add(found, Lamp::Green, "database", "reachable");
    check_schema(found, *connection);
    if (find_schema_version(*connection) == 0) return;
    check_write(found, *connection);
    check_durability(found, *connection);
    check_clock(found, *connection, now_ms);
    check_row_security(found, *connection);
    check_setup_tokens(found, *connection, now_ms);
}

void check_disk(Findings& found, const std::filesystem::path& folder) {
    std::error_code failed;
    const auto space = std::filesystem::space(folder, failed);
    if (failed) return;
    const auto lamp = space.available < kDiskTooLow ? Lamp::Red
                      : space.available < kDiskLow  ? Lamp::Yellow
                                                    : Lamp::Green;
    add(found, lamp, "disk space",
        fmt::format("{} MB free at {}", space.available / 1'000'000, folder.string()),
        "make room: a full disk refuses writes until there is space again");
}

void check_open_files(Findings& found) {
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    add(found, files.rlim_cur < kFilesMin ? Lamp::Yellow : Lamp::Green, "open files",
        fmt::format("{} allowed, {} wanted for {} connections", files.rlim_cur, kFilesMin,
                    limits::kConnectionsMax),
        fmt::format("ulimit -n {0}, or LimitNOFILE={0} in the systemd unit", kFilesMin));
}

void check_port(Findings& found, const std::string& listen) {
    const auto address = parse_listen(listen);
    if (!address) return add(found, Lamp::Red, "port", address.error().message, "mend --listen");
    ServerOptions options;
    options.host = address->host;
    options.port = address->port;
    SystemEnv env;
    Server server(options, [](const Request&, Reply reply) { reply({.status = 503}); }, env);
    const auto listening = server.start();
    add(found, listening ? Lamp::Green : Lamp::Yellow, "port",
        listening ? listen + " is free" : listening.error().message,
        "fine when a headwater runs there already; else stop what listens, or use another "
        "--listen");
    if (listening) server.drain();
}

std::string_view lamp_text(Lamp lamp) {
    if (lamp == Lamp::Green) return "[ok]  ";
    return lamp == Lamp::Yellow ? "[warn]" : "[FAIL]";
}

int doctor(const std::string& database, const std::string& listen) {
    const auto findings = examine(database, listen);
    for (const auto& finding : findings) {
        fmt::print("{} {}: {}\n", lamp_text(finding.lamp), finding.check, finding.detail);
        if (!finding.fix.empty()) fmt::print("       fix: {}\n", finding.fix);
    }
    const bool failed =
        std::ranges::any_of(findings, [](const Finding& f) { return f.lamp == Lamp::Red; });
    return failed ? exit_code::kFailed : exit_code::kOk;
}

}  // namespace

std::vector<Finding> examine(const std::string& database, const std::string& listen) {
    Findings found;
    const auto now_ms = SystemEnv().now_ms();
    const auto file = sqlite_file(database);
    if (file && !std::filesystem::exists(*file)) {
        add(found, Lamp::Red, "database", "there is no file " + file->string(),
            "check --database, or make the database with `headwater migrate`");
    } else {
        if (file) check_file_clock(found, *file, now_ms);
        try {
            check_database(found, database, now_ms);
        } catch (const Fault& fault) {
            add(found, Lamp::Red, "database", fault.what(),
                "check --database, the server that it names and who may write there");
        }
    }
    if (file) {
        const auto folder = std::filesystem::absolute(*file).parent_path();
        check_disk(found, folder);
    }
    check_open_files(found);
    check_port(found, listen);
    return found;
}

void add_doctor(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("doctor", "Check this installation and say what to mend.");
    const auto listen = std::make_shared<std::string>("127.0.0.1:8080");
    add_database_option(*command);
    command->add_option("--listen", *listen, "HOST:PORT that must be free")
        ->envname("HEADWATER_LISTEN")
        ->capture_default_str();
    command->footer(kFooter);
    command->callback([listen, &invocation] {
        invocation.run = [listen, &invocation] { return doctor(invocation.database, *listen); };
    });
}

}  // namespace hw
