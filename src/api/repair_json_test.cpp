// SPDX-License-Identifier: Apache-2.0
#include "api/repair_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(RepairJson, APreviewHasNothingToUndo) {
    RepairedAttribution repaired;
    repaired.repair_id = "rep_1";
    repaired.earnings_of_partners["pn_1"] = -5;
    repaired.next_id = "sale_9";
    EXPECT_EQ(json::serialize(repaired_json(repaired, true)),
              R"({"dryRun":true,"repairId":null,"lookedAt":0,"conversions":[],)"
              R"("partners":[{"partnerId":"pn_1","earnings":-5}],"ledger":[],"next":"sale_9"})");
    repaired.next_id.clear();
    EXPECT_EQ(json::serialize(repaired_json(repaired, false)),
              R"({"dryRun":false,"repairId":"rep_1","lookedAt":0,"conversions":[],)"
              R"("partners":[{"partnerId":"pn_1","earnings":-5}],"ledger":[],"next":null})");
}

TEST(RepairJson, PageSizes) {
    struct Case {
        json::object body;
        std::string expected;
    };
    const Case cases[] = {
        {{}, "100"},
        {{{"pageSize", 1}}, "1"},
        {{{"pageSize", 500}}, "500"},
        {{{"pageSize", 0}}, "too_small: pageSize: Too small: expected number to be >=1"},
        {{{"pageSize", 501}}, "too_big: pageSize: Too big: expected number to be <=500"},
    };
    for (const auto& row : cases) {
        const auto read = read_repair_page_size(row.body);
        EXPECT_EQ(read ? std::to_string(*read) : read.error().message, row.expected);
    }
}

}  // namespace
}  // namespace hw
