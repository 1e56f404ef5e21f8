// SPDX-License-Identifier: Apache-2.0
#include "api/export.hpp"

#include <fmt/format.h>

#include <memory>

#include "api/json_text.hpp"
#include "api/query.hpp"
#include "base/civil_time.hpp"
#include "base/csv.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "store/db.hpp"

namespace hw {
namespace {

enum class Format : std::uint8_t { Csv, JsonLines };

Result<Format> read_format(std::string_view query) {
    const auto text = HW_TRY(query_text(query, "format")).value_or("csv");
    if (text == "csv") return Format::Csv;
    if (text == "ndjson") return Format::JsonLines;
    const auto seen = utf8_prefix(text, limits::kReferenceCharactersMax);
    return std::unexpected(invalid_field(
        "invalid_value", "format",
        fmt::format("Invalid option: expected one of \"csv\"|\"ndjson\", received \"{}\"", seen)));
}

const json::value* value_at(const json::object& row, std::string_view path) {
    const auto dot = path.find('.');
    const auto* const value = row.if_contains(path.substr(0, dot));
    if (value == nullptr || dot == path.npos) return value;
    return value->is_object() ? value_at(value->get_object(), path.substr(dot + 1)) : nullptr;
}

// Names in one cell, as an import takes them.
std::string joined(const json::array& texts) {
    std::string all;
    for (const auto& text : texts) {
        if (!text.is_string()) return json_text(texts);
        all.append(all.empty() ? "" : ", ").append(text.get_string());
    }
    return all;
}

// Numbers stay numbers: "-5" is no formula.
std::string cell_of(const json::value* value) {
    if (value == nullptr || value->is_null()) return {};
    if (value->is_string()) return harmless_cell(std::string_view(value->get_string()));
    if (value->is_array()) return harmless_cell(joined(value->get_array()));
    return json_text(*value);
}

struct Plan {
    Export what;
    Format format = Format::Csv;
    std::string workspace_id;

    std::string header() const {
        std::string line;
        if (format != Format::Csv) return line;
        for (const auto& column : what.columns) {
            line.append(line.empty() ? "" : ",").append(column.name);
        }
        return line + "\r\n";
    }

    std::string text_of(const std::vector<json::object>& rows) const {
        std::string text;
        for (const auto& row : rows) {
            text += format == Format::Csv ? csv_record(what.columns, row) : json_text(row) + "\n";
        }
        return text;
    }
};

// A page as it leaves.
struct Piece {
    std::string bytes;
    std::string after;
    bool last = false;
};

Result<Piece> read_piece(const Plan& plan, Tx& tx, const std::string& after) {
    auto page = HW_TRY(plan.what.read(tx, after));
    return Piece{plan.text_of(page.rows), std::move(page.after), page.last};
}

class ExportBody final : public BodySource, public std::enable_shared_from_this<ExportBody> {
  public:
    ExportBody(Db& db, std::shared_ptr<const Plan> plan, Piece first)
        : db_(db), plan_(std::move(plan)), ready_(std::move(first)) {}

    void next(Take take) override {
        if (ready_) return give(*std::exchange(ready_, std::nullopt), take);
        // On the lane of what may take long: an export is in nobody's way.
        db_.scan<Piece>(
            plan_->workspace_id,
            [plan = plan_, after = after_](Tx& tx) { return read_piece(*plan, tx, after); },
            [self = shared_from_this(), take = std::move(take)](Result<Piece> piece) mutable {
                if (piece) return self->give(std::move(*piece), take);
                log(LogLevel::Warn, "export_broken",
                    {{"name", self->plan_->what.name}, {"why", piece.error().message}});
                take({.end = BodyPiece::End::Broken});
            });
    }

  private:
    // Before `take`, which may ask for the next piece at once.
    void give(Piece piece, Take& take) {
        after_ = std::move(piece.after);
        take({.bytes = std::move(piece.bytes),
              .end = piece.last ? BodyPiece::End::Complete : BodyPiece::End::No});
    }

    Db& db_;
    const std::shared_ptr<const Plan> plan_;
    std::optional<Piece> ready_;
    std::string after_;
};

Answer answer_of(const Plan& plan, std::int64_t now_ms) {
    const bool csv = plan.format == Format::Csv;
    Answer answer;
    answer.content_type = csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
    answer.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename=\"{}-{}.{}\"", plan.what.name,
                                            date_text(now_ms), csv ? "csv" : "ndjson"));
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
}

}  // namespace

std::string csv_record(std::span<const ExportColumn> columns, const json::object& row) {
    std::string record;
    for (const auto& column : columns) {
        if (&column != &columns.front()) record += ',';
        append_csv_cell(record, cell_of(value_at(row, column.path)));
    }
    return record + "\r\n";
}

Result<Work> export_rows(const Call& call, Export what) {
    const auto format = HW_TRY(read_format(call.request.query));
    const auto plan =
        std::make_shared<const Plan>(Plan{std::move(what), format, call.workspace().workspace_id});
    return Work{Work::Mode::Scan, [plan, &db = *call.db](Tx& tx) -> Result<Answer> {
                    auto first = HW_TRY(read_piece(*plan, tx, ""));
                    first.bytes.insert(0, plan->header());
                    auto answer = answer_of(*plan, tx.now_ms());
                    answer.stream = std::make_shared<ExportBody>(db, plan, std::move(first));
                    return answer;
                }};
}

}  // namespace hw
