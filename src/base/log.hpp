// SPDX-License-Identifier: Apache-2.0
// JSON logs, one object a line on stderr. Values are escaped; secrets, raw IPs and bodies never
// come here.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace hw {

struct LogField {
    std::string_view key;
    std::variant<std::int64_t, std::string_view> value;
};

enum class LogLevel : std::uint8_t { Debug, Info, Warn, Error };

void set_log_level(LogLevel level);
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

// The text as a JSON string with its quotes; invalid UTF-8 bytes become U+FFFD.
std::string json_quoted(std::string_view text);

}  // namespace hw
