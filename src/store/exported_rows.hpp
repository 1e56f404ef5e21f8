// SPDX-License-Identifier: Apache-2.0
// `headwater export`: the rows of a collection with every field, each as one line of JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"

namespace hw {

// What can be exported, sorted by name.
std::vector<std::string> exported_collections();

// Hands out the workspace's rows of one of these in the order of their keys, as they are at one
// moment, one at a time however many there are. Gives their number.
//
// The fields are the columns of the table, so that no migration is forgotten: `at_ms` is "atMs",
// JSON is JSON and not a text with JSON in it. Behind them comes what is derived of the row.
std::int64_t export_rows(const std::string& url, std::string_view workspace_id,
                         std::string_view collection,
                         FunctionRef<void(std::string_view line)> on_line);

}  // namespace hw
