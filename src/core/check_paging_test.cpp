// SPDX-License-Identifier: Apache-2.0
#include "core/check_paging.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.hpp"

namespace hw {
namespace {

std::string told(const Result<void>& checked) {
    return checked ? "ok" : checked.error().message.substr(0, 24);
}

TEST(CheckPaging, WhatGoesTogether) {
    struct Case {
        std::int64_t page;
        bool page_given;
        std::optional<std::string> after;
        std::optional<std::string> before;
        bool by_creation;
        std::string expected;
    };
    const Case cases[] = {
        {1, false, {}, {}, true, "ok"},
        {1, false, {}, {}, false, "ok"},
        {limits::kPageMax, true, {}, {}, true, "ok"},
        {limits::kPageMax + 1, true, {}, {}, true, "Page is too big (cannot "},
        {1, false, "a", {}, true, "ok"},
        {1, false, {}, "b", true, "ok"},
        {1, false, "a", "b", true, "You cannot use both star"},
        {2, true, "a", {}, true, "You cannot use both page"},
        {1, false, "a", {}, false, "Cursor-based pagination "},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(told(check_paging({c.page, c.page_given, c.after, c.before, c.by_creation})),
                  c.expected)
            << c.page << c.after.value_or("-") << c.before.value_or("-");
    }
}

TEST(CheckPaging, TheCursorIsKnown) {
    const AskedPage none{};
    const AskedPage after{.starting_after = "a", .ending_before = {}};
    const AskedPage before{.starting_after = {}, .ending_before = "b"};
    EXPECT_EQ(told(check_cursor(none, false)), "ok");
    EXPECT_EQ(told(check_cursor(after, true)), "ok");
    EXPECT_EQ(told(check_cursor(before, false)), "Invalid cursor: the prov");
    EXPECT_EQ(cursor_of(before), "b");
}

}  // namespace
}  // namespace hw
