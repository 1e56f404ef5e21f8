// SPDX-License-Identifier: Apache-2.0
#include "base/user_agent.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "base/bot.hpp"
#include "base/embedded.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

constexpr UserAgentRules::Layout kBrowserLayout = {{{"family_replacement", "$1"},
                                                    {"v1_replacement", "$2"},
                                                    {"v2_replacement", "$3"},
                                                    {"v3_replacement", "$4"}}};
constexpr UserAgentRules::Layout kSystemLayout = {{{"os_replacement", "$1"},
                                                   {"os_v1_replacement", "$2"},
                                                   {"os_v2_replacement", "$3"},
                                                   {"os_v3_replacement", "$4"}}};
constexpr UserAgentRules::Layout kDeviceLayout = {{{"device_replacement", "$1"},
                                                   {"brand_replacement", ""},
                                                   {"model_replacement", "$1"},
                                                   {"unused_replacement", ""}}};

// uap-core says "Other" or "Generic_Android" where a rule knows that it does not know.
std::string or_unknown(std::string text) {
    const bool unknown = text.empty() || text == "Other" || text.starts_with("Generic");
    if (unknown) return std::string(kUnknown);
    return text;
}

// "17.1" of major, minor and patch; the first empty part ends it.
std::string version_of(const UserAgentRules::Fields& fields) {
    std::string version;
    for (std::size_t i = 1; i < fields.size() && !fields[i].empty(); ++i) {
        if (i > 1) version += '.';
        version += fields[i];
    }
    return version;
}

bool has(std::string_view text, std::initializer_list<std::string_view> any_of) {
    return std::ranges::any_of(any_of, [&](std::string_view part) { return text.contains(part); });
}

// uap-core names devices but not their kind, so the kind is read from
// well-known words.
DeviceType device_type(std::string_view lower) {
    if (has(lower, {"smart-tv", "smarttv", "smart tv",   "googletv",  "appletv",   "apple tv",
                    "hbbtv",    "netcast", "web0s",      "webos.tv",  "viera",     "bravia",
                    "roku",     "crkey",   "android tv", "aquos",     "tv safari", "philipstv",
                    "; aft",    "dtv",     "mibox",      "chromecast"})) {
        return DeviceType::Smarttv;
    }
    if (has(lower, {"playstation", "xbox", "nintendo"})) return DeviceType::Console;
    if (has(lower, {"watch", "wearable", "; glass", "oculus", "; quest", " pebble"})) {
        return DeviceType::Wearable;
    }
    const bool mobile = has(lower, {"mobi", "iphone", "ipod", "phone;"});
    const bool android = lower.contains("android");
    // Desktop editions of Windows have said "Tablet PC" for years.
    const bool windows_tablet = lower.contains("tablet pc");
    if (has(lower, {"ipad", "playbook", "kindle", "touchpad", "sm-t", "gt-p"}) ||
        (lower.contains("tablet") && !windows_tablet) || (android && !mobile) ||
        (lower.contains("silk/") && !mobile)) {
        return DeviceType::Tablet;
    }
    if (mobile ||
        has(lower, {"blackberry", "bb10", "windows ce", "symb", "opera mini", "j2me", "midp",
                    "nokia", "kaios", "palm", "webos", "series60", "up.browser"})) {
        return DeviceType::Mobile;
    }
    return DeviceType::Desktop;
}

}  // namespace

std::string_view device_type_name(DeviceType type) {
    switch (type) {
        case DeviceType::Mobile:
            return "Mobile";
        case DeviceType::Tablet:
            return "Tablet";
        case DeviceType::Wearable:
            return "Wearable";
        case DeviceType::Smarttv:
            return "Smarttv";
        case DeviceType::Console:
            return "Console";
        case DeviceType::Desktop:
            break;
    }
    return "Desktop";
}

UserAgentParser::UserAgentParser(std::string_view yaml)
    : UserAgentParser(YAML::Load(std::string(yaml))) {}

UserAgentParser::UserAgentParser(const YAML::Node& rules)
    : browsers_(rules["user_agent_parsers"], kBrowserLayout),
      systems_(rules["os_parsers"], kSystemLayout),
      devices_(rules["device_parsers"], kDeviceLayout) {}

const UserAgentParser& UserAgentParser::embedded() {
    static const UserAgentParser parser(embedded_file("uap-core/regexes.yaml"));
    return parser;
}

UserAgent UserAgentParser::parse(std::string_view text) const {
    text = text.substr(0, limits::kUserAgentBytesMax);
    const auto lower_text = ascii_lower(text);
    UserAgent agent;
    if (auto browser = browsers_.first_match(text, lower_text)) {
        agent.browser_version = or_unknown(version_of(*browser));
        agent.browser = or_unknown(std::move((*browser)[0]));
    }
    if (auto system = systems_.first_match(text, lower_text)) {
        agent.os_version = or_unknown(version_of(*system));
        agent.os = or_unknown(std::move((*system)[0]));
    }
    if (auto device = devices_.first_match(text, lower_text)) {
        agent.device_vendor = or_unknown(std::move((*device)[1]));
        agent.device_model = or_unknown(std::move((*device)[2]));
    }
    agent.device = device_type(lower_text);
    agent.is_bot = is_bot(text);
    return agent;
}

std::size_t UserAgentParser::rules() const {
    return browsers_.size() + systems_.size() + devices_.size();
}

std::size_t UserAgentParser::skipped_rules() const {
    return browsers_.skipped() + systems_.skipped() + devices_.skipped();
}

}  // namespace hw
