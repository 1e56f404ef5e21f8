// SPDX-License-Identifier: Apache-2.0
// What a User-Agent header says, by the rules of uap-core.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/user_agent_rules.hpp"

namespace hw {

enum class DeviceType : std::uint8_t { Desktop, Mobile, Tablet, Wearable, Smarttv, Console };

std::string_view device_type_name(DeviceType type);  // "Desktop", ...

inline constexpr std::string_view kUnknown = "Unknown";

struct UserAgent {
    std::string browser{kUnknown};
    std::string browser_version{kUnknown};  // "120.0.1"
    std::string os{kUnknown};
    std::string os_version{kUnknown};
    DeviceType device = DeviceType::Desktop;
    std::string device_vendor{kUnknown};
    std::string device_model{kUnknown};
    bool is_bot = false;
};

class UserAgentParser {
  public:
    // The text of uap-core's regexes.yaml. Building takes about a tenth of a
    // second.
    explicit UserAgentParser(std::string_view yaml);

    // The parser of the embedded rules, built when it is first asked for.
    static const UserAgentParser& embedded();

    // Reads the first limits::kUserAgentBytesMax bytes. Any thread may call it.
    UserAgent parse(std::string_view user_agent) const;

    std::size_t rules() const;
    std::size_t skipped_rules() const;

  private:
    explicit UserAgentParser(const YAML::Node& rules);

    UserAgentRules browsers_;
    UserAgentRules systems_;
    UserAgentRules devices_;
};

}  // namespace hw
