// SPDX-License-Identifier: Apache-2.0
// Files that commands are given: read whole, with errors that name the file.
#pragma once

#include <string>

#include "base/error.hpp"

namespace hw {

// The bytes of the file; "-" is standard input.
Result<std::string> read_text_file(const std::string& path);

}  // namespace hw
