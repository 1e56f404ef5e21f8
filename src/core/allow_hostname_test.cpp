// SPDX-License-Identifier: Apache-2.0
#include "core/allow_hostname.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(RequestHostname, IsTheHostOfTheRefererElseOfTheOrigin) {
    struct Row {
        std::string_view referer;
        std::string_view origin;
        std::string_view expected;
    };
    const Row rows[] = {
        {"https://shop.example/cart?x=1", "https://other.example", "shop.example"},
        {"https://www.shop.example/", "", "shop.example"},
        {"https://WWW.Shop.Example:8443/", "", "shop.example"},
        {"", "https://www.shop.example", "shop.example"},
        {"http://localhost:3000/", "", "localhost"},
        {"https://www.www.shop.example/", "", "www.shop.example"},
        {"https://allowed.example@evil.example/", "", "evil.example"},
        {"https://evil.example\\@allowed.example/", "", "evil.example"},
        {"no address", "https://shop.example", "shop.example"},
        {"", "null", ""},
        {"", "", ""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(request_hostname(row.referer, row.origin), row.expected)
            << row.referer << " / " << row.origin;
    }
}

TEST(AllowHostname, ComparesWithThePatterns) {
    using Patterns = std::vector<std::string>;
    struct Row {
        Patterns allowed;
        std::string_view hostname;
        bool expected;
    };
    const Row rows[] = {
        {{}, "anything.example", true},
        {{}, "", true},
        {{"shop.example"}, "shop.example", true},
        {{"Shop.Example"}, "shop.example", true},
        {{"www.shop.example"}, "shop.example", true},
        {{"shop.example"}, "sub.shop.example", false},
        {{"shop.example"}, "evilshop.example", false},
        {{"shop.example"}, "shop.example.evil.example", false},
        {{"shop.example"}, "", false},
        {{"*.shop.example"}, "a.shop.example", true},
        {{"*.shop.example"}, "a.b.shop.example", true},
        {{"*.shop.example"}, "shop.example", false},
        {{"*.shop.example"}, ".shop.example", false},
        {{"*.shop.example"}, "evilshop.example", false},
        {{"*.shop.example"}, "", false},
        {{"other.example", "localhost"}, "localhost", true},
        {{"*"}, "shop.example", false},
        {{""}, "", false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(allow_hostname(row.allowed, row.hostname).has_value(), row.expected)
            << (row.allowed.empty() ? "" : row.allowed.front()) << " / " << row.hostname;
    }
}

TEST(AllowHostname, TheRefusalNamesTheHost) {
    const auto refused = allow_hostname({"shop.example"}, "evil.example");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::Forbidden);
    EXPECT_EQ(refused.error().reason, "hostname_not_allowed");
    EXPECT_EQ(refused.error().message,
              "Request origin 'evil.example' is not included in the allowed hostnames for this "
              "workspace. Update your allowed hostnames here: "
              "https://app.dub.co/settings/tracking");
}

}  // namespace
}  // namespace hw
