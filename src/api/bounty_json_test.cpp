// SPDX-License-Identifier: Apache-2.0
#include "api/bounty_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(BountyJson, EveryFieldIsThere) {
    Bounty bounty;
    bounty.bounty_id = "bnty_1";
    bounty.program_id = "prog_1";
    bounty.name = "Video";
    bounty.kind = "submission";
    bounty.group_ids = {"grp_1"};
    EXPECT_EQ(json::serialize(bounty_json(bounty)),
              R"({"id":"bnty_1","programId":"prog_1","name":"Video","description":null,)"
              R"("type":"submission","rewardAmount":null,"groupIds":["grp_1"],"maxSubmissions":1,)"
              R"("startsAt":"1970-01-01T00:00:00.000Z","endsAt":null,"archivedAt":null,)"
              R"("createdAt":"1970-01-01T00:00:00.000Z","updatedAt":"1970-01-01T00:00:00.000Z"})");
    BountySubmission submission;
    submission.submission_id = "bnty_sub_1";
    submission.bounty_id = "bnty_1";
    submission.partner_id = "pn_1";
    submission.status = "submitted";
    submission.files = {{"https://files.example/a", "a", 7}};
    submission.performance_count = 3;
    EXPECT_EQ(json::serialize(submission_json(submission)),
              R"({"id":"bnty_sub_1","bountyId":"bnty_1","partnerId":"pn_1","description":null,)"
              R"("urls":[],"files":[{"url":"https://files.example/a","fileName":"a","size":7}],)"
              R"("status":"submitted","performanceCount":3,"socialMetricCount":null,)"
              R"("createdAt":"1970-01-01T00:00:00.000Z","completedAt":null,"reviewedAt":null,)"
              R"("rejectionReason":null,"rejectionNote":null,"periodNumber":1,)"
              R"("commissionId":null})");
}

}  // namespace
}  // namespace hw
