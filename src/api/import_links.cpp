// SPDX-License-Identifier: Apache-2.0
#include "core/import_links.hpp"

#include <fmt/format.h>

#include "api/import_links.hpp"
#include "api/import_rows.hpp"
#include "api/query.hpp"
#include "base/utf8.hpp"

namespace hw::api {
namespace {

// One import on its way. A transaction may run again, so what it did counts after its commit only.
struct Import {
    ImportRows source;
    std::vector<ImportRow> rows;  // of the batch under way
    ImportOutcome done{};
    ImportOutcome batch{};

    explicit Import(ImportRows opened)
        : source(std::move(opened)), rows(source.next(limits::kImportBatchRows)) {}

    Result<Answer> run_batch(Tx& tx) {
        batch = HW_TRY(hw::import_links(tx, rows));
        if (!source.at_end()) return Answer{};
        auto all = done;
        all.add(batch);
        return json_answer(json::serialize(import_json(all, source.remarks())));
    }

    bool go_on() {
        done.add(batch);
        rows = source.next(limits::kImportBatchRows);
        return !rows.empty();
    }
};

Result<ImportFormat> format_of(const Request& request) {
    const auto type = request.header("Content-Type");
    if (type.empty()) return ImportFormat::Json;  // as every other body of the API
    if (const auto format = import_format_of_type(type)) return *format;
    return fail(
        ErrorCode::BadRequest,
        fmt::format("Content-Type '{}' is none that links are imported from. Send text/csv, "
                    "application/json or application/x-ndjson.",
                    valid_utf8(type)),
        "unknown_type");
}

}  // namespace

Result<Work> import_links(const Call& call) {
    ImportSource source{.text = call.request.body};
    source.format = HW_TRY(format_of(call.request));
    source.domain = HW_TRY(query_text(call.request.query, "domain"));
    auto rows = HW_TRY(ImportRows::open(std::move(source), call.options));
    const auto import = std::make_shared<Import>(std::move(rows));
    return Work{.mode = Work::Mode::Write,
                .step = [import](Tx& tx) { return import->run_batch(tx); },
                .go_on = [import] { return import->go_on(); }};
}

}  // namespace hw::api
