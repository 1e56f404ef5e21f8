// SPDX-License-Identifier: Apache-2.0
#include "base/url_parameters.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(UrlParameters, ReadsTheFirstOfItsName) {
    struct Row {
        std::string_view url;
        std::optional<std::string> value;
    };
    const Row rows[] = {
        {"https://a.example/?utm_source=x", "x"},
        {"https://a.example/?b=1&utm_source=x&utm_source=y#f", "x"},
        {"https://a.example/?utm%5Fsource=a+b%26", "a b&"},
        {"https://a.example/?utm_source", ""},
        {"https://a.example/?utm_source=%FF", std::nullopt},
        {"https://a.example/?utm_source=%00", std::nullopt},
        {"https://a.example/#?utm_source=x", std::nullopt},
        {"https://a.example/utm_source=x", std::nullopt},
        {"https://a.example/?xutm_source=x", std::nullopt},
    };
    for (const auto& row : rows) EXPECT_EQ(url_parameter(row.url, "utm_source"), row.value);
}

TEST(UrlParameters, SetsOneAndLeavesTheRest) {
    struct Row {
        std::string_view url;
        std::string_view value;
        std::string_view changed;
    };
    const Row rows[] = {
        {"https://a.example", "x", "https://a.example?utm_source=x"},
        {"https://a.example/?", "x", "https://a.example/?utm_source=x"},
        {"https://a.example/?b=%20+", "a b", "https://a.example/?b=%20+&utm_source=a%20b"},
        {"https://a.example/?utm_source=1&c#f", "\"&", "https://a.example/?utm_source=%22%26&c#f"},
        {"https://a.example/?utm_source=1&c&utm_source=2", "3",
         "https://a.example/?utm_source=3&c"},
        {"mailto:a@b.example", "x", "mailto:a@b.example?utm_source=x"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(with_url_parameter(row.url, "utm_source", row.value), row.changed);
    }
}

TEST(UrlParameters, RemovesOne) {
    struct Row {
        std::string_view url;
        std::string_view changed;
    };
    const Row rows[] = {
        {"https://a.example/?utm_source=1", "https://a.example/"},
        {"https://a.example/?utm_source=%FF", "https://a.example/"},
        {"https://a.example/?b&utm_source=1&c#f", "https://a.example/?b&c#f"},
        {"https://a.example/?b&&c", "https://a.example/?b&&c"},
        {"https://a.example/?", "https://a.example/?"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(without_url_parameter(row.url, "utm_source"), row.changed);
}

}  // namespace
}  // namespace hw
