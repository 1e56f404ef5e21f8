// SPDX-License-Identifier: Apache-2.0
#include "api/domain_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(DomainJson, WhatWasNeverChangedWasChangedWhenMade) {
    Domain domain;
    domain.slug = "go.example";
    domain.created_at_ms = 1'790'000'000'000;
    EXPECT_EQ(domain_json(domain).at("updatedAt"), domain_json(domain).at("createdAt"));
    domain.updated_at_ms = domain.created_at_ms + 1;
    EXPECT_NE(domain_json(domain).at("updatedAt"), domain_json(domain).at("createdAt"));
    EXPECT_FALSE(json::serialize(domain_json(domain)).contains("token"));
}

TEST(DomainJson, AbsentStaysAndNullClears) {
    const auto fields =
        read_domain_fields({{"logo", nullptr}, {"placeholder", ""}, {"archived", true}}).value();
    EXPECT_TRUE(fields.logo && !*fields.logo);
    EXPECT_TRUE(fields.placeholder && !*fields.placeholder);
    EXPECT_EQ(fields.archived, true);
    EXPECT_FALSE(fields.expired_url || fields.not_found_url || fields.asset_links);
}

}  // namespace
}  // namespace hw
