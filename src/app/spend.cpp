// SPDX-License-Identifier: Apache-2.0
// `headwater spend import FILE`: what was spent on advertising, for reports of revenue and ROI.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <span>

#include "api/import_spend.hpp"
#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/text_file.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "The file: CSV in UTF-8 whose first row names the columns date, source, campaign, amount and\n"
    "currency (campaign may be absent). One row is what was spent on one day; the last row of a\n"
    "day, source and campaign counts, also over earlier imports, and what it replaced is kept in\n"
    "the audit log. A row that is refused does not stop the others.\n\n"
    "Example:\n"
    "  headwater spend import google-ads.csv --workspace acme\n\n"
    "Exit codes: 0 done; 1 rows were refused (the report on stdout says why), or there is no such "
    "workspace; 2 the file is wrong; 69, 74, 78 as for every command.";

Result<SpendOutcome> store(CommandDb& db, const std::string& workspace_id,
                           std::span<const SpendRow> rows) {
    SpendOutcome done;
    while (!rows.empty()) {
        const auto some = rows.first(std::min(limits::kImportBatchRows, rows.size()));
        const auto batch =
            db.write([&](Tx& tx) { return import_spend(tx, some, "command"); }, workspace_id);
        if (!batch) return std::unexpected(batch.error());
        done.add(*batch);
        rows = rows.subspan(some.size());
    }
    return done;
}

Result<int> import_file(const Invocation& invocation, const std::string& file) {
    const auto text = HW_TRY(read_text_file(file));
    const auto rows = read_spend_file(text);
    if (!rows) return fail(ErrorCode::BadRequest, file + ": " + rows.error().message);
    CommandDb db(invocation.database, Schema::Migrate);
    const auto workspace = HW_TRY(db.workspace(invocation.workspace));
    const auto outcome = HW_TRY(store(db, workspace.workspace_id, *rows));
    fmt::print("{}\n", json::serialize(api::spend_import_json(outcome)));
    return outcome.failed == 0 ? exit_code::kOk : exit_code::kFailed;
}

}  // namespace

void add_spend(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("spend", "Import what was spent on advertising.");
    command->require_subcommand(1);
    command->footer(kFooter);
    const auto file = std::make_shared<std::string>();
    auto* import_command = command->add_subcommand("import", "Store the rows of a CSV file.");
    import_command->add_option("FILE", *file, "CSV; - reads standard input")->required();
    add_workspace_option(*import_command);
    add_database_option(*import_command);
    import_command->callback([file, &invocation] {
        invocation.run = [file, &invocation] {
            const auto code = import_file(invocation, *file);
            return code ? *code : refused(code.error());
        };
    });
}

}  // namespace hw
