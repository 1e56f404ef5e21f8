// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hw {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Quotes before it do not count, or a text with a quote of its own would lose that on its way back.
bool looks_like_a_formula(std::string_view text) {
    const auto first = text.find_first_not_of('\'');
    constexpr std::string_view kFormulaBegins = "=+-@\t\r";
    return first != text.npos && kFormulaBegins.contains(text[first]);
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
}

std::unexpected<Error> CsvReader::malformed(std::string_view why) const {
    return fail(ErrorCode::BadRequest, fmt::format("Invalid CSV in line {}: {}", line_, why),
                "invalid_csv");
}

bool CsvReader::take_line_end() {
    if (!rest_.starts_with("\r\n") && !rest_.starts_with('\n')) return false;
    rest_.remove_prefix(rest_.front() == '\r' ? 2 : 1);
    ++line_;
    return true;
}

// From the quote on.
Result<void> CsvReader::read_quoted(std::string& cell) {
    const auto begin = line_;
    for (;;) {
        rest_.remove_prefix(1);
        const auto end = rest_.find('"');
        if (end == rest_.npos) {
            line_ = begin;
            return malformed("the quote that opens a cell here is never closed");
        }
        const auto part = rest_.substr(0, end);
        cell += part;
        line_ += static_cast<std::size_t>(std::ranges::count(part, '\n'));
        rest_.remove_prefix(end + 1);
        if (!rest_.starts_with('"')) return {};
        cell += '"';
    }
}

Result<void> CsvReader::read_plain(std::string& cell) {
    const auto end = std::min(rest_.find_first_of(",\"\r\n"), rest_.size());
    cell = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (!rest_.starts_with('"')) return {};
    return malformed(
        "a quote stands inside a cell without quotes; put the cell in quotes and double those in "
        "it");
}

Result<void> CsvReader::read_cell(std::string& cell) {
    return rest_.starts_with('"') ? read_quoted(cell) : read_plain(cell);
}

Result<void> CsvReader::read_record(std::vector<std::string>& cells) {
    cells.clear();
    for (;;) {
        HW_CHECK(read_cell(cells.emplace_back()));
        if (rest_.empty() || take_line_end()) return {};
        if (rest_.front() != ',') {
            return malformed(rest_.front() == '\r'
                                 ? "a CR stands without its LF"
                                 : "behind the closing quote of a cell there is more than a comma");
        }
        rest_.remove_prefix(1);
    }
}

Result<bool> CsvReader::next(std::vector<std::string>& cells) {
    while (take_line_end()) {
    }
    record_line_ = line_;
    if (rest_.empty()) return false;
    HW_CHECK(read_record(cells));
    return true;
}

void append_csv_cell(std::string& record, std::string_view text) {
    if (text.find_first_of(",\"\r\n") == text.npos) {
        record += text;
        return;
    }
    record += '"';
    for (const char c : text) {
        if (c == '"') record += '"';
        record += c;
    }
    record += '"';
}

std::string harmless_cell(std::string_view text) {
    std::string cell(looks_like_a_formula(text) ? "'" : "");
    return cell.append(text);
}

std::string_view plain_cell(std::string_view cell) {
    if (cell.starts_with('\'') && looks_like_a_formula(cell)) cell.remove_prefix(1);
    return cell;
}

}  // namespace hw
