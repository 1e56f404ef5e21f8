// SPDX-License-Identifier: Apache-2.0
// Many texts as one parameter of a statement: each engine unpacks a JSON array with a function of
// its own.
#pragma once

#include <span>
#include <string>

namespace hw {

std::string json_array_text(std::span<const std::string> texts);

}  // namespace hw
