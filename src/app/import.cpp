// SPDX-License-Identifier: Apache-2.0
// `headwater import links FILE`: links from the export of another link shortener.
#include <fmt/format.h>

#include <limits>
#include <memory>
#include <optional>

#include "api/import_rows.hpp"
#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/text_file.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "The file: CSV in UTF-8 whose first row names the columns, as Dub, Bitly and others export it\n"
    "(Short link, Destination URL, Tags, Folder, Created at, ...); or JSON, an array of bodies of\n"
    "POST /links; or such a body on each line. Tags and folders are made when they are missing.\n"
    "A row that is refused does not stop the others, and a link that is there already with the\n"
    "same destination is skipped: importing a file again changes nothing. A server may run on the\n"
    "same database meanwhile.\n\n"
    "Example:\n"
    "  headwater import links bitly.csv --workspace acme --domain go.example.com\n\n"
    "Exit codes: 0 done; 1 rows were refused (the report on stdout says why), or there is no such "
    "workspace; 2 the file is wrong; 69, 74, 78 as for every command.";

struct ImportOptions {
    std::string file;
    std::string format;  // empty: by the name of the file
    std::string domain;  // empty: as the rows say
};

Result<ImportFormat> format_of(const ImportOptions& options) {
    const auto& name = options.format.empty() ? options.file : "." + options.format;
    if (const auto format = import_format_of_name(name)) return *format;
    return fail(ErrorCode::BadRequest,
                fmt::format("{}: what is in it? Give --format csv, json or ndjson", options.file));
}

Result<ImportOutcome> store(CommandDb& db, const std::string& workspace_id, ImportRows& source) {
    ImportOutcome done;
    for (;;) {
        const auto rows = source.next(limits::kImportBatchRows);
        if (rows.empty()) return done;
        const auto batch = db.write([&](Tx& tx) { return import_links(tx, rows); }, workspace_id);
        if (!batch) return std::unexpected(batch.error());
        done.add(*batch);
        fmt::print(stderr, "{} of {} rows: {} created, {} skipped, {} failed\n", done.rows,
                   source.count(), done.created, done.skipped, done.failed);
    }
}

Result<int> import_file(const Invocation& invocation, const ImportOptions& options) {
    const auto format = HW_TRY(format_of(options));
    const auto text = HW_TRY(read_text_file(options.file));
    ImportSource source{.text = text, .format = format};
    if (!options.domain.empty()) source.domain = options.domain;
    source.rows_max = std::numeric_limits<std::int64_t>::max();
    const ApiOptions api_options;
    auto rows = ImportRows::open(std::move(source), api_options);
    if (!rows) return fail(rows.error().code, options.file + ": " + rows.error().message);
    CommandDb db(invocation.database, Schema::Migrate);
    const auto workspace = HW_TRY(db.workspace(invocation.workspace));
    const auto outcome = HW_TRY(store(db, workspace.workspace_id, *rows));
    fmt::print("{}\n", json::serialize(import_json(outcome, rows->remarks())));
    return outcome.failed == 0 ? exit_code::kOk : exit_code::kFailed;
}

}  // namespace

void add_import(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("import", "Import what another product exported.");
    command->require_subcommand(1);
    command->footer(kFooter);
    const auto options = std::make_shared<ImportOptions>();
    auto* links = command->add_subcommand("links", "Store the links of a CSV or JSON file.");
    links->add_option("FILE", options->file, "CSV, JSON or NDJSON; - reads standard input")
        ->required();
    links->add_option("--format", options->format, "Without it, the end of the file's name says it")
        ->check(CLI::IsMember({"csv", "json", "ndjson"}));
    links->add_option("--domain", options->domain,
                      "The domain of every link, whatever the rows say");
    add_workspace_option(*links);
    add_database_option(*links);
    links->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            const auto code = import_file(invocation, *options);
            return code ? *code : refused(code.error());
        };
    });
}

}  // namespace hw
