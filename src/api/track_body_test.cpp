// SPDX-License-Identifier: Apache-2.0
#include "api/track_body.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(ExternalId, TheFirstNameThatIsNotEmpty) {
    struct Row {
        json::object body;
        std::string expected;  // the id, or "!" and the refusal
    };
    const Row rows[] = {
        {{{"customerExternalId", "a"}, {"externalId", "b"}, {"customerId", "c"}}, "a"},
        {{{"customerExternalId", ""}, {"externalId", "b"}}, "b"},
        {{{"externalId", nullptr}, {"customerId", "c"}}, "c"},
        {{{"customerExternalId", " "}}, " "},
        {{}, "!customerExternalId is required"},
        {{{"customerExternalId", ""}, {"externalId", ""}}, "!customerExternalId is required"},
        {{{"customerExternalId", "a"}, {"customerId", 5}},
         "!invalid_type: customerId: Invalid input: expected string, received number"},
    };
    for (const auto& row : rows) {
        const auto told = read_external_id(row.body, false);
        std::string found;
        if (!told) {
            found = "!" + told.error().message;
        } else {
            const auto id = required_external_id(*told);
            found = id ? *id : "!" + id.error().message;
        }
        EXPECT_EQ(found, row.expected);
    }
}

TEST(NewCustomer, WhatTheBodyTells) {
    const auto full = read_new_customer({{"customerName", "Ada"},
                                         {"customerEmail", "a@b.co"},
                                         {"customerAvatar", "https://b.co/a.png"}});
    ASSERT_TRUE(full.has_value());
    EXPECT_EQ(full->name, "Ada");
    EXPECT_EQ(full->email, "a@b.co");
    EXPECT_EQ(full->avatar, "https://b.co/a.png");
    const auto empty = read_new_customer({{"customerName", nullptr}});
    ASSERT_TRUE(empty.has_value());
    EXPECT_FALSE(empty->name || empty->email || empty->avatar);
}

TEST(LinkSummary, ShowsKeysAsTheirOwnersWroteThem) {
    struct Row {
        std::string key;
        std::string expected_key;
        std::string expected_link;
    };
    const Row rows[] = {{"Sale", "Sale", "https://d.example/Sale"},
                        {"a/b", "a/b", "https://d.example/a/b"},
                        {"xn--9ca", "\xC3\xA9", "https://d.example/\xC3\xA9"},
                        {"_root", "_root", "https://d.example"}};
    for (const auto& row : rows) {
        Link link;
        link.domain = "d.example";
        link.key = row.key;
        const auto summary = link_summary(link);
        EXPECT_EQ(summary.at("key").as_string(), row.expected_key);
        EXPECT_EQ(summary.at("shortLink").as_string(), row.expected_link);
        EXPECT_TRUE(summary.at("partnerId").is_null());
    }
    EXPECT_TRUE(link_summary(std::nullopt).is_null());
}

}  // namespace
}  // namespace hw
