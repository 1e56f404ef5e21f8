// SPDX-License-Identifier: Apache-2.0
#include "api/short_address.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(ShortAddress, OfWholeAddresses) {
    struct Row {
        std::string_view url;
        std::string_view domain;
        std::string_view key;
    };
    const Row rows[] = {
        {"https://go.example/Summer", "go.example", "summer"},
        {"https://www.GO.example/a/b/?x=1#f", "go.example", "a/b"},
        {"http://go.example:8080/%C3%A9", "go.example", "xn--9ca"},
        {"https://go.example", "go.example", "_root"},
        {"https://go.example/", "go.example", "_root"},
        {"https://go.example?x=/y", "go.example", "_root"},
        {"https://evil.example@go.example/a", "go.example", "a"},
        {"go.example/a", "", ""},
        {"shopapp://go.example/a", "", ""},
        {"https://", "", ""},
        {"https:///a", "", ""},
        {"https://go.example/a b", "", ""},
        {"", "", ""},
    };
    for (const auto& row : rows) {
        const auto address = short_address(row.url);
        EXPECT_EQ(address.domain, row.domain) << row.url;
        EXPECT_EQ(address.key, row.key) << row.url;
    }
}

TEST(ShortAddress, BareDomains) {
    for (const auto* text : {"x.co", "www.x.co", "https://www.x.co/a", "X.CO", "x.co:80"}) {
        EXPECT_EQ(bare_domain(text), "x.co") << text;
    }
    EXPECT_EQ(bare_domain(""), "");
}

}  // namespace
}  // namespace hw
