// SPDX-License-Identifier: Apache-2.0
// The file of a backup: one header, the rows of every table, and the SHA-256 of all that. The same
// for both engines. Layout, all integers little-endian base 128 (7 bits a byte, low ones first):
//   "headwater-backup 1\n"
//   JSON: {"schema_version": n, "tables": [{"name": "..", "columns": [{"name","type"}, ..]}, ..]}
//   "\n" 'T' table index                      the rows that follow are of this table 'R' value* one
//   row: 'n' | 'i' zigzag integer | 't','b' length bytes 'E' number of rows nothing follows but
//   "sha256 <64 hex characters>\n"       of every byte before it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "store/row.hpp"
#include "store/tables.hpp"

namespace hw {

struct BackupHeader {
    int schema_version = 0;
    std::vector<Table> tables;  // names and types of the columns only
};

// Writes beside the name and takes the name when the file is complete and on disk. A Fault of kind
// Full or Broken when it cannot.
class BackupWriter {
  public:
    BackupWriter(std::string path, const BackupHeader& header);
    ~BackupWriter();  // an unfinished file is removed
    BackupWriter(const BackupWriter&) = delete;
    BackupWriter& operator=(const BackupWriter&) = delete;

    void begin_table(std::size_t index);
    void add_row(const Row& row, const Table& table);
    void finish();

    std::int64_t rows() const { return rows_; }

  private:
    void put(char byte) { buffer_ += byte; }
    void put_number(std::uint64_t value);
    void put_bytes(char tag, std::string_view bytes);
    void flush();
    void write_out(std::string_view bytes);
    [[noreturn]] void fail_with(const char* what, int error);

    std::string path_;
    std::string part_path_;
    int fd_ = -1;
    std::string buffer_;
    Sha256 sum_;
    std::int64_t rows_ = 0;
};

struct BackupValue {
    ColumnType type = ColumnType::Other;  // Other: null
    std::int64_t number = 0;
    std::string text;  // or bytes

    Param param() const;  // refers to `text`
};

struct BackupRow {
    std::size_t table = 0;            // in the header
    std::vector<BackupValue> values;  // in the order of its columns
};

class BackupReader {
  public:
    // Reads the whole file once and compares its sum, then stands before the first row. The error
    // says what is wrong with the file.
    static Result<std::unique_ptr<BackupReader>> open(const std::string& path);
    ~BackupReader();
    BackupReader(const BackupReader&) = delete;
    BackupReader& operator=(const BackupReader&) = delete;

    const BackupHeader& header() const { return header_; }

    // The next row; nothing at the end. The sum was right, so what does not parse is a bug.
    std::optional<BackupRow> next();

    std::int64_t rows() const { return rows_; }

  private:
    explicit BackupReader(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

    Result<void> check_sum();
    Result<void> read_header();
    bool refill();
    char take();
    std::uint64_t take_number();
    std::string take_bytes(std::size_t length);
    std::string take_line();
    BackupValue take_value();

    std::string path_;
    int fd_;
    std::string buffer_;
    std::size_t at_ = 0;
    BackupHeader header_;
    std::size_t table_ = 0;
    std::int64_t rows_ = 0;
};

}  // namespace hw
