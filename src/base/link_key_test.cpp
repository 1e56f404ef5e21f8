// SPDX-License-Identifier: Apache-2.0
#include "base/link_key.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace hw {
namespace {

TEST(NormalizeKey, AcceptsAndStores) {
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    const Row rows[] = {
        {"abc", "abc"},
        {"AbC-1_2.3", "AbC-1_2.3"},
        {"/a/b/", "a/b"},
        {"//a//", "a"},
        {"a//b", "a//b"},
        {"a_", "a_"},
        {"a.php/x", "a.php/x"},
        {"phpinfo", "phpinfo"},
        {"favicon.ico/x", "favicon.ico/x"},
        {"_root", "_root"},
        {"ü", "xn--tda"},
        {"bücher/ü.x", "xn--bcher-kva/xn--tda.x"},
        {"😀", "xn--e28h"},
        {"日本", "xn--wgv71a"},
        {"👩‍👩", "xn--1ug1855pba"},
    };
    for (const auto& row : rows) {
        const auto key = normalize_key(row.text);
        ASSERT_TRUE(key.has_value()) << row.text;
        EXPECT_EQ(*key, row.expected);
        EXPECT_EQ(normalize_key(*key), *key) << "not stable";
        EXPECT_EQ(normalize_key(display_key(*key)), *key) << "does not come back";
    }
}

TEST(NormalizeKey, Refuses) {
    struct Row {
        std::string text;
        ErrorCode expected;
    };
    constexpr auto kInvalid = ErrorCode::UnprocessableEntity;
    const Row rows[] = {
        {"", kInvalid},
        {"///", kInvalid},
        {"a b", kInvalid},
        {"a?b", kInvalid},
        {"a#b", kInvalid},
        {"a%20", kInvalid},
        {"a+", kInvalid},
        {"a\\b", kInvalid},
        {"a\n", kInvalid},
        {"<script>", kInvalid},
        {"_a", kInvalid},
        {"/_a", kInvalid},
        {"_ROOT", kInvalid},
        {".well-known/x", kInvalid},
        {"wp-admin.php", kInvalid},
        {"x.PHP7", kInvalid},
        {"a/../b", kInvalid},
        {"./a", kInvalid},
        {"..", kInvalid},
        {"\xff", kInvalid},
        {"\xC2\x80", kInvalid},
        {"a\xE2\x80\xAE"
         "b",
         kInvalid},
        {"a\xE3\x80\x80", kInvalid},
        {"\xF0\x90\x80\x80", kInvalid},
        {std::string(limits::kKeyCharactersMax + 1, 'a'), kInvalid},
        {"favicon.ico", ErrorCode::Forbidden},
        {"/Robots.TXT", ErrorCode::Forbidden},
        {"manifest.json/", ErrorCode::Forbidden},
        {"apple-app-site-association", ErrorCode::Forbidden},
    };
    for (const auto& row : rows) {
        const auto key = normalize_key(row.text);
        ASSERT_FALSE(key.has_value()) << row.text;
        EXPECT_EQ(key.error().code, row.expected) << row.text;
        const bool invalid = row.expected == kInvalid;
        EXPECT_EQ(key.error().message == "Invalid key.", invalid) << key.error().message;
    }
    EXPECT_TRUE(normalize_key(std::string(limits::kKeyCharactersMax, 'a')).has_value());
}

TEST(DisplayKey, IsWhatTheUserWrote) {
    struct Row {
        std::string_view stored;
        std::string_view expected;
    };
    const Row rows[] = {
        {"abc/D.e", "abc/D.e"},     {"xn--bcher-kva/xn--tda.x", "bücher/ü.x"},
        {"xn--e28h", "😀"},         {"xn--not!punycode", "xn--not!punycode"},
        {"a-xn--tda", "a-xn--tda"}, {"", ""},
        {"xn--", "xn--"},           {"xn--abc-", "xn--abc-"},
    };
    for (const auto& row : rows) EXPECT_EQ(display_key(row.stored), row.expected);
}

TEST(FoldKey, IsTheSameForEveryWayToWriteAPath) {
    struct Row {
        std::string_view path;
        std::string_view expected;
        std::string_view expected_case_kept;
    };
    const Row rows[] = {
        {"/abc", "abc", "abc"},
        {"/AbC/", "abc", "AbC"},
        {"abc", "abc", "abc"},
        {"/a%62c", "abc", "abc"},
        {"/A%2Fb", "a/b", "A/b"},
        {"/%C3%BC", "xn--tda", "xn--tda"},
        {"/%c3%bc", "xn--tda", "xn--tda"},
        {"/ü", "xn--tda", "xn--tda"},
        {"/xn--tda", "xn--tda", "xn--tda"},
        {"/XN--TDA", "xn--tda", "XN--TDA"},
        {"/B%C3%BCcher", "xn--bcher-kva", "xn--Bcher-kva"},
        {"/%", "%", "%"},
        {"/%ff", "\xff", "\xff"},
        {"/", "", ""},
        {"", "", ""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(fold_key(row.path), row.expected) << row.path;
        EXPECT_EQ(key_of_path(row.path), row.expected_case_kept) << row.path;
    }
}

TEST(FoldKey, LeavesPathsThatAreTooLongForAKey) {
    std::string path;
    for (std::size_t i = 0; i < 2 * limits::kKeyCharactersMax + 1; ++i) path += "ü";
    EXPECT_EQ(fold_key(path), path);
}

TEST(UnsupportedKey, IsWhatScannersAskFor) {
    for (const auto* key :
         {"wp-admin.php", "x.php7", "A.PHP", "_next/x", "_root", ".well-known/x"}) {
        EXPECT_TRUE(is_unsupported_key(key)) << key;
    }
    for (const auto* key : {"", "abc", "php", "a.php5", "a_b", "well-known"}) {
        EXPECT_FALSE(is_unsupported_key(key)) << key;
    }
}

}  // namespace
}  // namespace hw
