// SPDX-License-Identifier: Apache-2.0
// Rows of a CSV file as bodies of POST /links, by the column names that link shorteners export.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/json.hpp"

namespace hw {

// What the header row says: which field of a link each column is.
struct ImportColumns {
    std::vector<std::string_view> fields;  // of each column; empty: it is passed over
    std::vector<std::string> remarks;      // on those
};

// 422 when no column is the destination.
Result<ImportColumns> read_import_columns(const std::vector<std::string>& header);

// Empty cells say nothing, and the quote that keeps a cell from being a formula is no part of it. A
// cell that cannot be read is left as text for read_create_link.
Result<json::object> import_body(const ImportColumns& columns,
                                 const std::vector<std::string>& cells);

}  // namespace hw
