// SPDX-License-Identifier: Apache-2.0
#include "base/continent.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(Continent, IsWhereTheCountryLies) {
    struct Row {
        const char* country;
        const char* continent;
    };
    const Row rows[] = {{"DE", "EU"}, {"US", "NA"}, {"JP", "AS"}, {"BR", "SA"}, {"NZ", "OC"},
                        {"ZA", "AF"}, {"AQ", "AN"}, {"ZW", "AF"}, {"AD", "EU"}, {"de", ""},
                        {"", ""},     {"XX", ""},   {"EA", ""},   {"D ", ""},   {"Unknown", ""}};
    for (const auto& row : rows) EXPECT_EQ(continent_of(row.country), row.continent) << row.country;
}

}  // namespace
}  // namespace hw
