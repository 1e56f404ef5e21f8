// SPDX-License-Identifier: Apache-2.0
// Comma-separated values as RFC 4180 has them, in UTF-8: one record after the other, strictly, so
// that a damaged file is named and never half understood.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace hw {

class CsvReader {
  public:
    // `text` stays where it is while the reader lives. A byte order mark is passed over.
    explicit CsvReader(std::string_view text);

    // The next record that is no blank line; false at the end. BadRequest names the line that is
    // malformed, and nothing can be read after it.
    Result<bool> next(std::vector<std::string>& cells);

    // Where the record that was read last begins, from 1.
    std::size_t line() const { return record_line_; }

  private:
    Result<void> read_record(std::vector<std::string>& cells);
    Result<void> read_cell(std::string& cell);
    Result<void> read_quoted(std::string& cell);
    Result<void> read_plain(std::string& cell);
    bool take_line_end();
    std::unexpected<Error> malformed(std::string_view why) const;

    std::string_view rest_;
    std::size_t line_ = 1;
    std::size_t record_line_ = 0;
};

// One cell of a record, in quotes where it must be.
void append_csv_cell(std::string& record, std::string_view text);

// Spreadsheets run a cell that begins with = + - @, a tab or CR. With a quote in front it is text.
// plain_cell gives back what harmless_cell was given, whatever that was.
std::string harmless_cell(std::string_view text);
std::string_view plain_cell(std::string_view cell);

}  // namespace hw
