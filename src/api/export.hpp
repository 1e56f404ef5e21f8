// SPDX-License-Identifier: Apache-2.0
// Answers that are as long as a table: rows as CSV or NDJSON, read a page at a time, each in a
// transaction of its own, as fast as the client takes them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/call.hpp"
#include "api/json.hpp"

namespace hw {

struct ExportColumn {
    std::string_view name;
    std::string_view path;  // in the object of the row: "click.id"; absent and null: an empty cell
};

struct ExportPage {
    std::vector<json::object> rows;
    std::string after;  // where the next page begins
    bool last = false;
};

struct Export {
    std::string name;                       // of the file: "links"
    std::span<const ExportColumn> columns;  // of CSV; NDJSON has the whole objects
    // The page behind `after`, empty: the first. May run again, and after the call has ended.
    std::function<Result<ExportPage>(Tx&, const std::string& after)> read;
};

// What is wrong with the first page refuses the request. Later it cuts the connection, so that
// nobody takes a part for the whole.
Result<Work> export_rows(const Call& call, Export what);

// A record of CSV with its line end.
std::string csv_record(std::span<const ExportColumn> columns, const json::object& row);

}  // namespace hw
