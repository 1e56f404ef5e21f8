// SPDX-License-Identifier: Apache-2.0
// `headwater backup` and `headwater restore`: a whole database in one file and back.
#include "store/backup.hpp"

#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "store/health.hpp"

namespace hw {
namespace {

constexpr auto kBackupFooter =
    "The file is the same for both engines, holds one moment of the database, and is complete "
    "when the command ends; the server may run meanwhile. It holds everything but the secrets of "
    "keys, which are stored nowhere.\n\n"
    "Example:\n"
    "  headwater backup /backup/headwater-2026-01-31.hwb --database sqlite:./headwater.db\n\n"
    "Exit codes: 0 done; 1 the file cannot be written, or the database is not Headwater's; "
    "2 wrong command line; 69, 74, 78 as for every command.";
constexpr auto kRestoreFooter =
    "The database must be new or empty, and no server may run on it. All or nothing. It may be of "
    "the other engine: that is how an installation moves from SQLite to PostgreSQL.\n\n"
    "Examples:\n"
    "  headwater restore headwater-2026-01-31.hwb --database sqlite:./restored.db\n"
    "  headwater restore headwater-2026-01-31.hwb --check\n\n"
    "Exit codes: 0 done; 1 the database is not empty, or there is no such file; 2 the file is "
    "damaged or made by a newer headwater; 69, 74, 78 as for every command.";

int report(const Result<BackupSummary>& summary, std::string_view what) {
    if (!summary) return refused(summary.error());
    fmt::print("{}: {} rows in {} tables, schema version {}\n", what, summary->rows,
               summary->tables, summary->schema_version);
    return exit_code::kOk;
}

// Without the look first, a slip in --database would back up a new, empty file.
int run_backup(const std::string& database, const std::string& file) {
    demand_schema(database);
    return report(backup(database, file), "backed up to " + file);
}

int run_restore(const std::string& database, const std::string& file, bool check) {
    if (check) return report(check_backup(file), file + " is whole");
    return report(restore(file, database), "restored from " + file);
}

}  // namespace

void add_backup(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("backup", "Write the whole database into one file.");
    const auto file = std::make_shared<std::string>();
    command->add_option("FILE", *file, "Replaced when it exists")->required();
    add_database_option(*command);
    command->footer(kBackupFooter);
    command->callback([file, &invocation] {
        invocation.run = [file, &invocation] { return run_backup(invocation.database, *file); };
    });
}

void add_restore(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("restore", "Fill an empty database from a backup.");
    const auto file = std::make_shared<std::string>();
    const auto check = std::make_shared<bool>(false);
    command->add_option("FILE", *file, "From `headwater backup`")->required();
    command->add_flag("--check", *check, "Only read the file through and say what is in it");
    add_database_option(*command);
    command->footer(kRestoreFooter);
    command->callback([file, check, &invocation] {
        invocation.run = [file, check, &invocation] {
            return run_restore(invocation.database, *file, *check);
        };
    });
}

}  // namespace hw
