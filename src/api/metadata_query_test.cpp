// SPDX-License-Identifier: Apache-2.0
#include "api/metadata_query.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(MetadataQuery, ComparesWhatTheMetadataHas) {
    constexpr auto kMetadata =
        R"({"plan":"pro","seats":12,"price":9.5,"paid":true,"a":{"b":"c d"},"q":"it's"})";
    struct Row {
        const char* query;
        bool met;
    };
    const Row rows[] = {
        {"metadata['plan']:'pro'", true},
        {"metadata['plan']:'free'", false},
        {"metadata[\"plan\"]=\"pro\"", true},
        {"metadata['plan'] = pro", true},
        {"metadata['plan']!='free'", true},
        {"metadata['none']!='free'", true},
        {"metadata['none']:'free'", false},
        {"metadata['seats']>9", true},  // as numbers: as text 12 is before 9
        {"metadata['seats']>=12", true},
        {"metadata['seats']<12", false},
        {"metadata['seats']<=12", true},
        {"metadata['seats']:'12'", true},
        {"metadata['price']:9.50", true},
        {"metadata['price']>9.4", true},
        {"metadata['plan']>'abc'", true},
        {"metadata['paid']:true", true},
        {"metadata['a']['b']:'c d'", true},
        {"metadata['q']:'it\\'s'", true},
        {"metadata['plan']:'pro' and metadata['seats']>100", false},
        {"metadata['plan']:'pro' or metadata['seats']>100", true},
        {"metadata['plan']:'x' and metadata['plan']:'y' OR metadata['seats']:12", true},
    };
    for (const auto& row : rows) {
        const auto query = parse_metadata_query(row.query);
        ASSERT_TRUE(query) << row.query;
        EXPECT_EQ((*query)(kMetadata), row.met) << row.query;
    }
}

TEST(MetadataQuery, RefusesWhatItCannotRead) {
    for (const auto* text :
         {"", "plan:'pro'", "metadata:'pro'", "metadata['plan']", "metadata['plan']'pro'",
          "metadata['plan']:'pro", "metadata['plan':'pro'", "metadata['plan']:",
          "metadata['a']:1 metadata['b']:2", "metadata['a']:1 and", "metadata['a']:1 xor x"}) {
        const auto query = parse_metadata_query(text);
        ASSERT_FALSE(query) << text;
        EXPECT_EQ(query.error().code, ErrorCode::UnprocessableEntity);
    }
}

TEST(MetadataQuery, MetadataThatIsNoObjectMeetsNothing) {
    const auto query = parse_metadata_query("metadata['a']:1").value();
    EXPECT_FALSE(query("[1]"));
    EXPECT_FALSE(query("no json"));
}

}  // namespace
}  // namespace hw
