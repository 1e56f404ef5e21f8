// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(Base64, WritesAndReadsTheVectorsOfTheStandard) {
    struct Row {
        std::string_view bytes;
        std::string_view text;
    };
    const Row rows[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xFB\xFF", "+/8="},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(base64_text(row.bytes), row.text);
        EXPECT_EQ(base64_bytes(row.text), row.bytes) << row.text;
        const auto bare = row.text.substr(0, row.text.find('='));
        EXPECT_EQ(base64_bytes(bare), row.bytes) << bare;
    }
}

TEST(Base64, RefusesOtherText) {
    for (const auto* text : {"Z", "Zm9vY", "Zm 9v", "Zm9v\n", "Zm9-", "Z=m9", "ü"}) {
        EXPECT_EQ(base64_bytes(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace hw
