// SPDX-License-Identifier: Apache-2.0
#include "api/http.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(Request, FindsTheFirstHeaderWithoutRegardToCase) {
    const Header headers[] = {{"X-Key", "first"}, {"x-key", "second"}, {"Empty", ""}};
    Request request{};
    request.headers = headers;

    struct Row {
        std::string_view name;
        bool present;
        std::string_view value;
    };
    const Row rows[] = {
        {"x-KEY", true, "first"},
        {"empty", true, ""},
        {"x-ke", false, ""},
        {"x-key2", false, ""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(request.has_header(row.name), row.present) << row.name;
        EXPECT_EQ(request.header(row.name), row.value) << row.name;
    }
}

}  // namespace
}  // namespace hw
