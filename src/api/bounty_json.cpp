// SPDX-License-Identifier: Apache-2.0
#include "api/bounty_json.hpp"

namespace hw {

json::object bounty_json(const Bounty& bounty) {
    return {{"id", bounty.bounty_id},
            {"programId", bounty.program_id},
            {"name", bounty.name},
            {"description", text_or_null(bounty.description)},
            {"type", bounty.kind},
            {"rewardAmount", int_or_null(bounty.reward_amount)},
            {"groupIds", json::array(bounty.group_ids.begin(), bounty.group_ids.end())},
            {"maxSubmissions", bounty.submissions_max},
            {"startsAt", time_or_null(bounty.starts_at_ms)},
            {"endsAt", time_or_null(bounty.ends_at_ms)},
            {"archivedAt", time_or_null(bounty.archived_at_ms)},
            {"createdAt", time_or_null(bounty.created_at_ms)},
            {"updatedAt", time_or_null(bounty.updated_at_ms)}};
}

json::object submission_json(const BountySubmission& submission) {
    json::array files;
    for (const auto& file : submission.files) {
        files.push_back(
            json::object{{"url", file.url}, {"fileName", file.file_name}, {"size", file.size}});
    }
    return {{"id", submission.submission_id},
            {"bountyId", submission.bounty_id},
            {"partnerId", submission.partner_id},
            {"description", text_or_null(submission.description)},
            {"urls", json::array(submission.urls.begin(), submission.urls.end())},
            {"files", std::move(files)},
            {"status", submission.status},
            {"performanceCount", int_or_null(submission.performance_count)},
            {"socialMetricCount", int_or_null(submission.social_metric_count)},
            {"createdAt", time_or_null(submission.created_at_ms)},
            {"completedAt", time_or_null(submission.completed_at_ms)},
            {"reviewedAt", time_or_null(submission.reviewed_at_ms)},
            {"rejectionReason", text_or_null(submission.rejection_reason)},
            {"rejectionNote", text_or_null(submission.rejection_note)},
            {"periodNumber", submission.period_number},
            {"commissionId", text_or_null(submission.commission_id)}};
}

}  // namespace hw
