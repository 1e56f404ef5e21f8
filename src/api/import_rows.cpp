// SPDX-License-Identifier: Apache-2.0
#include "api/import_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/import_csv.hpp"
#include "api/link_body.hpp"
#include "base/ascii.hpp"
#include "base/civil_time.hpp"
#include "base/csv.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

class CsvBodies final : public ImportRows::Bodies {
  public:
    CsvBodies(std::string_view text, ImportColumns columns)
        : reader_(text), columns_(std::move(columns)) {
        read_on();  // the header
    }

    Result<json::object> next() override {
        read_on();
        return import_body(columns_, cells_);
    }

  private:
    void read_on() {
        const auto more = reader_.next(cells_);
        HW_ASSERT(more && *more);  // open() has read it all
    }

    CsvReader reader_;
    ImportColumns columns_;
    std::vector<std::string> cells_;
};

class JsonBodies final : public ImportRows::Bodies {
  public:
    explicit JsonBodies(json::array rows) : rows_(std::move(rows)) {}

    Result<json::object> next() override {
        auto row = std::move(rows_.at(next_++));
        if (row.is_object()) return std::move(row.get_object());
        return std::unexpected(invalid_field(
            "invalid_type", "",
            fmt::format("Invalid input: expected object, received {}", json_type_name(&row))));
    }

  private:
    json::array rows_;
    std::size_t next_ = 0;
};

bool is_blank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == line.npos;
}

// The next line that is not blank; empty at the end.
std::string_view take_line(std::string_view& text) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!is_blank(line)) return line;
    }
    return {};
}

class LineBodies final : public ImportRows::Bodies {
  public:
    explicit LineBodies(std::string_view text) : rest_(text) {}
    Result<json::object> next() override { return parse_object(take_line(rest_)); }

  private:
    std::string_view rest_;
};

// As the API writes it, and as others export it: "2026-01-02 03:04:05", "2026-01-02T03:04:05+0000".
Result<std::int64_t> read_created_at(std::string text) {
    if (const auto date = parse_date(text)) return *date;
    const auto sign = text.size() - std::min<std::size_t>(text.size(), 5);
    if (text.size() > 19 && (text[sign] == '+' || text[sign] == '-')) text.insert(sign + 3, ":");
    if (text.size() == 19) text += 'Z';
    const auto time = parse_time(text);
    if (time && *time >= 0) return *time;
    return std::unexpected(
        invalid_field("invalid_format", "createdAt",
                      "Invalid input: expected a time such as 2026-01-02T03:04:05Z"));
}

Result<ImportLink> read_import_link(const json::object& body, const ApiOptions& options) {
    ImportLink input;
    input.link = HW_TRY(read_create_link(body, options));
    const auto created_at = HW_TRY(
        optional_text(body, "createdAt", {.max_characters = limits::kReferenceCharactersMax}));
    if (created_at) input.created_at_ms = HW_TRY(read_created_at(*created_at));
    input.folder =
        HW_TRY(optional_text(body, "folder",
                             {.max_characters = limits::kFolderNameCharactersMax, .trim = true}))
            .value_or("");
    // The name is good in every workspace; the id beside it, in an export, in its own alone.
    if (!input.folder.empty()) input.link.fields.folder_id.reset();
    return input;
}

// The row as its owner knows it: the key, else the destination.
std::string name_of(const json::object& body) {
    for (const auto* field : {"key", "url"}) {
        const auto* value = body.if_contains(field);
        if (value == nullptr || !value->is_string()) continue;
        return std::string(
            utf8_prefix(std::string_view(value->get_string()), limits::kKeyCharactersMax));
    }
    return {};
}

Result<void> check_count(std::int64_t count, std::int64_t max) {
    if (count == 0) {
        return std::unexpected(invalid_field("too_small", "", "There is no link to import."));
    }
    if (count <= max) return {};
    return std::unexpected(
        invalid_field("too_big", "",
                      fmt::format("You can only import up to {} links at a time: this is {}. Split "
                                  "the file.",
                                  max, count)));
}

}  // namespace

std::optional<ImportFormat> import_format_of_type(std::string_view content_type) {
    auto type = ascii_lower(content_type.substr(0, content_type.find(';')));
    while (type.ends_with(' ')) type.pop_back();
    if (type == "text/csv") return ImportFormat::Csv;
    if (type == "application/json") return ImportFormat::Json;
    if (type == "application/x-ndjson" || type == "application/jsonl") {
        return ImportFormat::JsonLines;
    }
    return std::nullopt;
}

std::optional<ImportFormat> import_format_of_name(std::string_view file_name) {
    if (file_name.ends_with(".csv")) return ImportFormat::Csv;
    if (file_name.ends_with(".json")) return ImportFormat::Json;
    if (file_name.ends_with(".ndjson") || file_name.ends_with(".jsonl")) {
        return ImportFormat::JsonLines;
    }
    return std::nullopt;
}

Result<void> ImportRows::open_csv(std::string_view text) {
    CsvReader reader(text);
    std::vector<std::string> cells;
    if (!HW_TRY(reader.next(cells))) return {};
    auto columns = HW_TRY(read_import_columns(cells));
    while (HW_TRY(reader.next(cells))) ++count_;
    remarks_ = columns.remarks;
    bodies_ = std::make_unique<CsvBodies>(text, std::move(columns));
    return {};
}

Result<void> ImportRows::open_json(std::string_view text) {
    auto rows = HW_TRY(parse_array(text));
    count_ = static_cast<std::int64_t>(rows.size());
    bodies_ = std::make_unique<JsonBodies>(std::move(rows));
    return {};
}

void ImportRows::open_lines(std::string_view text) {
    for (auto rest = text; !take_line(rest).empty();) ++count_;
    bodies_ = std::make_unique<LineBodies>(text);
}

Result<ImportRows> ImportRows::open(ImportSource source, const ApiOptions& options) {
    ImportRows rows(std::move(source.domain), options);
    switch (source.format) {
        case ImportFormat::Csv:
            HW_CHECK(rows.open_csv(source.text));
            break;
        case ImportFormat::Json:
            HW_CHECK(rows.open_json(source.text));
            break;
        case ImportFormat::JsonLines:
            rows.open_lines(source.text);
            break;
    }
    HW_CHECK(check_count(rows.count_, source.rows_max));
    return rows;
}

std::vector<ImportRow> ImportRows::next(std::size_t max) {
    std::vector<ImportRow> rows;
    while (rows.size() < max && !at_end()) {
        auto body = bodies_->next();
        ++read_;
        if (!body) {
            rows.push_back({read_, "", std::unexpected(std::move(body).error())});
            continue;
        }
        if (domain_) (*body)["domain"] = *domain_;
        rows.push_back({read_, name_of(*body), read_import_link(*body, *options_)});
    }
    return rows;
}

json::object import_json(const ImportOutcome& outcome, const std::vector<std::string>& remarks) {
    json::array errors;
    for (const auto& failure : outcome.failures) {
        errors.push_back({{"row", failure.row}, {"key", failure.key}, {"error", failure.error}});
    }
    const auto told = static_cast<std::int64_t>(outcome.failures.size());
    return {{"rows", outcome.rows},
            {"created", outcome.created},
            {"skipped", outcome.skipped},
            {"failed", outcome.failed},
            {"errors", std::move(errors)},
            {"moreErrors", outcome.failed - told},
            {"remarks", json::array(remarks.begin(), remarks.end())}};
}

}  // namespace hw
