// SPDX-License-Identifier: Apache-2.0
#include "base/user_agent.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <functional>

#include "base/limits.hpp"

namespace hw {
namespace {

const UserAgentParser& parser() {
    return UserAgentParser::embedded();
}

TEST(UserAgent, IsReadInParts) {
    struct Row {
        std::string_view text;
        std::string_view expected;  // browser, os, device, vendor, model
    };
    const Row rows[] = {
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.6478.127 Safari/537.36",
         "Chrome 126.0.6478, Windows 10, Desktop, Unknown, Unknown"},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/17.4.1 Safari/605.1.15",
         "Safari 17.4.1, Mac OS X 10.15.7, Desktop, Apple, Mac"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
         "like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
         "Mobile Safari 17.5, iOS 17.5.1, Mobile, Apple, iPhone"},
        {"Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/12.1.2 Mobile/15E148 Safari/604.1",
         "Mobile Safari 12.1.2, iOS 12.5, Tablet, Apple, iPad"},
        {"Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A) AppleWebKit/537.36 (KHTML, like "
         "Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
         "Chrome Mobile 126.0.0, Android 14, Mobile, Samsung, SM-S918B"},
        {"Mozilla/5.0 (Linux; Android 13; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36",
         "Chrome 126.0.0, Android 13, Tablet, Unknown, SM-X710"},
        {"Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/13.0 Safari/605.1.15",
         "Safari 13.0, Unknown Unknown, Console, Sony, PlayStation 5"},
        {"Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0) AppleWebKit/538.1 (KHTML, like Gecko) "
         "Version/5.0 NativeTVAds Safari/538.1",
         "Safari 5.0, Tizen 5.0, Smarttv, Samsung, SMART-TV"},
        {"Mozilla/5.0 (Linux; Android 11; Quest 2) AppleWebKit/537.36 (KHTML, like Gecko) "
         "OculusBrowser/21.2 Chrome/100.0 VR Safari/537.36",
         "Chrome 100.0, Android 11, Wearable, Unknown, Quest 2"},
        {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
         "Firefox 127.0, Ubuntu Unknown, Desktop, Unknown, Unknown"},
        {"", "Unknown Unknown, Unknown Unknown, Desktop, Unknown, Unknown"},
        {"\xff\xfe(\0", "Unknown Unknown, Unknown Unknown, Desktop, Unknown, Unknown"},
    };
    for (const auto& row : rows) {
        const auto agent = parser().parse(row.text);
        const auto shown = agent.browser + ' ' + agent.browser_version + ", " + agent.os + ' ' +
                           agent.os_version + ", " + std::string(device_type_name(agent.device)) +
                           ", " + agent.device_vendor + ", " + agent.device_model;
        EXPECT_EQ(shown, row.expected);
        EXPECT_FALSE(agent.is_bot) << row.text;
    }
}

TEST(UserAgent, TellsBots) {
    const auto agent =
        parser().parse("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
    EXPECT_TRUE(agent.is_bot);
    EXPECT_EQ(agent.browser, "Googlebot");
}

TEST(UserAgent, IsReadUpToItsLimit) {
    const std::string padding(limits::kUserAgentBytesMax, ' ');
    EXPECT_EQ(parser().parse(padding + "Firefox/127.0").browser, "Unknown");
    EXPECT_EQ(parser().parse(padding.substr(13) + "Firefox/127.0").browser, "Firefox");
}

// RE2 has no look-around. The day uap-core uses one, this says how many rules are lost.
TEST(UserAgent, UsesEveryRule) {
    EXPECT_EQ(parser().skipped_rules(), 0U);
    EXPECT_GT(parser().rules(), 1'000U);
    const UserAgentParser other(
        "user_agent_parsers:\n  - regex: '(?!a)b'\n  - regex: '(Good)/(\\d+)'\n"
        "os_parsers: []\ndevice_parsers: []\n");
    EXPECT_EQ(other.skipped_rules(), 1U);
    EXPECT_EQ(other.parse("Good/7").browser, "Good");
    EXPECT_EQ(other.parse("Good/7").browser_version, "7");
}

// ---- The cases that uap-core brings with it

using Part = std::function<std::string(const UserAgent&)>;

std::string unknown_if_none(const YAML::Node& expected) {
    const auto text = expected.IsDefined() && !expected.IsNull() ? expected.as<std::string>() : "";
    const bool none = text.empty() || text == "Other" || text.starts_with("Generic");
    return none ? std::string(kUnknown) : text;
}

// The share of cases in a file whose `key` agrees, in thousandths.
std::size_t agreement(const std::string& file, const char* key, const Part& part) {
    const auto cases = YAML::LoadFile(file)["test_cases"];
    std::size_t agreed = 0;
    for (const auto& each : cases) {
        const auto text = each["user_agent_string"].as<std::string>();
        const auto expected = unknown_if_none(each[key]);
        const auto found = part(parser().parse(text));
        if (found == expected) {
            ++agreed;
        } else {
            std::printf("%s instead of %s: %s\n", found.c_str(), expected.c_str(), text.c_str());
        }
    }
    return cases.size() == 0 ? 0 : agreed * 1'000 / cases.size();
}

TEST(UserAgent, AgreesWithTheCasesOfItsRules) {
    const std::string folder = "/usr/share/uap-core/";
    if (!std::filesystem::exists(folder + "tests/test_ua.yaml")) GTEST_SKIP() << "no uap-core";
    const Part browser = [](const UserAgent& agent) { return agent.browser; };
    const Part os = [](const UserAgent& agent) { return agent.os; };
    const Part vendor = [](const UserAgent& agent) { return agent.device_vendor; };
    struct Row {
        const char* file;
        const char* key;
        const Part& part;
    };
    const Row rows[] = {
        {"tests/test_ua.yaml", "family", browser},
        {"tests/test_os.yaml", "family", os},
        {"tests/test_device.yaml", "brand", vendor},
        {"test_resources/additional_os_tests.yaml", "family", os},
        {"test_resources/firefox_user_agent_strings.yaml", "family", browser},
        {"test_resources/opera_mini_user_agent_strings.yaml", "family", browser},
        {"test_resources/pgts_browser_list.yaml", "family", browser},
        {"test_resources/podcasting_user_agent_strings.yaml", "family", browser},
    };
    for (const auto& row : rows) EXPECT_GE(agreement(folder + row.file, row.key, row.part), 995U);
}

}  // namespace
}  // namespace hw
