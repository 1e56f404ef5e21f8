// SPDX-License-Identifier: Apache-2.0
// Tells programs from people by their User-Agent header.
#pragma once

#include <string_view>

namespace hw {

// True for crawlers, link previews, monitors, scanners, feed readers, mail and HTTP libraries that
// say so. A missing user agent is no bot. Reads the first limits::kUserAgentBytesMax bytes.
bool is_bot(std::string_view user_agent);

}  // namespace hw
