// SPDX-License-Identifier: Apache-2.0
#include "core/webhook_url.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace hw {
namespace {

struct Row {
    std::string url;
    std::string expected;  // as it is stored, or part of the refusal
};

std::string outcome(const Row& row, const WebhookUrlRules& rules) {
    const auto normal = normalize_webhook_url(row.url, rules);
    return normal ? *normal : normal.error().message;
}

TEST(WebhookUrl, IsAPublicSecureAddress) {
    const std::string longest(limits::kWebhookUrlCharactersMax, 'x');
    const std::string start = "https://shop.example/";
    const Row rows[] = {
        {"https://shop.example/hook?a=1", "https://shop.example/hook?a=1"},
        {"HTTPS://shop.example/hook", "https://shop.example/hook"},
        {"https://shop.example:8443/hook", "https://shop.example:8443/hook"},
        {"https://93.184.216.34/", "https://93.184.216.34/"},
        {"https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"},
        {start + longest.substr(start.size()), start + longest.substr(start.size())},
        {start + longest, "2048 is the most"},
        {"", "begins with https://"},
        {"shop.example/hook", "begins with https://"},
        {"ftp://shop.example/", "begins with https://"},
        {"javascript:alert(1)", "begins with https://"},
        {"https://", ""},
        {"https:///x", ""},
        {"http://shop.example/hook", "use https"},
        {"https://shop.example:22/", "use port 443 or 8443"},
        {"https://user:pass@shop.example/", "put no user name into it"},
        {"https://localhost/", "reachable from the internet"},
        {"https://LOCALHOST./", "reachable from the internet"},
        {"https://a.localhost/", "reachable from the internet"},
        {"https://printer.local/", "reachable from the internet"},
        {"https://metadata.google.internal/", "reachable from the internet"},
        {"https://127.0.0.1/", "the address is private"},
        {"https://10.0.0.1/", "the address is private"},
        {"https://169.254.169.254/latest", "the address is private"},
        {"https://[::1]/", "the address is private"},
        {"https://[fd00::1]/", "the address is private"},
        {"https://[::ffff:127.0.0.1]/", "the address is private"},
        {"https://[64:ff9b::7f00:1]/", "the address is private"},
        {"https://2130706433/", "four decimal numbers"},
        {"https://0x7f000001/", "four decimal numbers"},
        {"https://0x7f.1/", "four decimal numbers"},
        {"https://0177.0.0.01/", "four decimal numbers"},
        {"https://127.1/", "four decimal numbers"},
        {"https://a b/", ""},
    };
    for (const auto& row : rows) {
        const auto seen = outcome(row, {});
        const bool good = row.expected.starts_with("https://");
        EXPECT_TRUE(good ? seen == row.expected : seen.contains(row.expected))
            << row.url.substr(0, 100) << ": " << seen;
        EXPECT_EQ(seen.starts_with("url: received \""), !good) << seen;
    }
}

TEST(WebhookUrl, MayBePrivateWhereTheOperatorAllowsIt) {
    const WebhookUrlRules rules{.allowed_ranges = {AddressRange::parse("127.0.0.0/8").value()}};
    const Row rows[] = {
        {"http://127.0.0.1:4000/hook", "http://127.0.0.1:4000/hook"},
        {"http://localhost:4000/hook", "http://localhost:4000/hook"},
        {"http://hooks.internal/", "http://hooks.internal/"},
        {"https://10.0.0.1/", "the address is private"},
        {"https://[::1]/", "the address is private"},
        {"http://2130706433/", "four decimal numbers"},
    };
    for (const auto& row : rows) {
        EXPECT_TRUE(outcome(row, rules).contains(row.expected)) << row.url << outcome(row, rules);
    }
}

}  // namespace
}  // namespace hw
