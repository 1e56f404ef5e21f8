// SPDX-License-Identifier: Apache-2.0
#include "api/model_query.hpp"

#include <gtest/gtest.h>

#include "api/exact_json.hpp"
#include "base/civil_time.hpp"

namespace hw {
namespace {

TEST(ModelQuery, EveryModelHasItsParameter) {
    for (const auto model : attribution_models()) {
        const auto read = read_model_settings("model=" + std::string(name_of(model)));
        ASSERT_TRUE(read.has_value()) << name_of(model);
        EXPECT_EQ(read->model, model);
    }
}

TEST(ModelQuery, WhatIsNotSaidHasADefault) {
    const auto read = read_model_settings("");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->model, AttributionModel::Last);
    EXPECT_EQ(read->by, CreditBy::Source);
    EXPECT_EQ(read->half_life_ms, 7 * kDayMs);
    EXPECT_EQ(read_model_settings("halfLifeDays=3")->half_life_ms, 3 * kDayMs);
}

TEST(ModelQuery, MillionthsAreDecimals) {
    const struct {
        std::int64_t micros;
        std::string expected;
    } rows[] = {{0, "0"}, {1, "0.000001"}, {500'000, "0.5"}, {2'000'000, "2"}};
    for (const auto& row : rows) {
        EXPECT_EQ(serialize_exact(conversions_json(row.micros)), row.expected);
    }
    EXPECT_EQ(serialize_exact(key_or_null("")), "null");
    EXPECT_EQ(serialize_exact(key_or_null("a")), "\"a\"");
}

}  // namespace
}  // namespace hw
