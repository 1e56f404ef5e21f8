// SPDX-License-Identifier: Apache-2.0
#include "api/import_spend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <span>

#include "api/import_rows.hpp"
#include "base/utf8.hpp"

namespace hw::api {
namespace {

// One import on its way. A transaction may run again, so what it did counts after its commit only.
struct Import {
    std::vector<SpendRow> rows;
    std::string actor;
    std::size_t at = 0;
    SpendOutcome done{};
    SpendOutcome batch{};

    std::size_t batch_size() const { return std::min(limits::kImportBatchRows, rows.size() - at); }

    Result<Answer> run_batch(Tx& tx) {
        const auto size = batch_size();
        batch = HW_TRY(hw::import_spend(tx, std::span(rows).subspan(at, size), actor));
        if (at + size < rows.size()) return Answer{};
        auto all = done;
        all.add(batch);
        return json_answer(json::serialize(spend_import_json(all)));
    }

    bool go_on() {
        done.add(batch);
        at += batch_size();
        return at < rows.size();
    }
};

Result<void> check_type(const Request& request) {
    const auto type = request.header("Content-Type");
    if (type.empty() || import_format_of_type(type) == ImportFormat::Csv) return {};
    return fail(ErrorCode::BadRequest,
                fmt::format("Content-Type '{}' is none that spend is imported from. Send text/csv.",
                            valid_utf8(type)),
                "unknown_type");
}

}  // namespace

json::object spend_import_json(const SpendOutcome& outcome) {
    json::array errors;
    for (const auto& failure : outcome.failures) {
        errors.push_back({{"row", failure.row}, {"error", failure.error}});
    }
    const auto told = static_cast<std::int64_t>(outcome.failures.size());
    return {{"rows", outcome.rows},
            {"created", outcome.created},
            {"replaced", outcome.replaced},
            {"unchanged", outcome.unchanged},
            {"failed", outcome.failed},
            {"errors", std::move(errors)},
            {"moreErrors", outcome.failed - told}};
}

Result<Work> import_spend(const Call& call) {
    HW_CHECK(check_type(call.request));
    auto rows = HW_TRY(read_spend_file(call.request.body));
    const auto import =
        std::make_shared<Import>(Import{.rows = std::move(rows), .actor = call.caller->api_key_id});
    return Work{.mode = Work::Mode::Write,
                .step = [import](Tx& tx) { return import->run_batch(tx); },
                .go_on = [import] { return import->go_on(); }};
}

}  // namespace hw::api
