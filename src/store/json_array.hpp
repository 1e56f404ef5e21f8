// SPDX-License-Identifier: Apache-2.0
// Many texts as one parameter of a statement, or in one column: each engine unpacks a JSON array
// with a function of its own.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

std::string json_array_text(std::span<const std::string> texts);

// Of text that json_array_text made.
std::vector<std::string> texts_of_json_array(std::string_view text);

}  // namespace hw
