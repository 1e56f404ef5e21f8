// SPDX-License-Identifier: Apache-2.0
#include "core/bounty_submissions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/fault.hpp"
#include "core/settle_commission.hpp"
#include "store/commissions.hpp"
#include "store/outbox.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

Result<Bounty> existing_bounty(Tx& tx, std::string_view bounty_id) {
    auto bounty = find_bounty(tx, tx.workspace_id(), bounty_id);
    if (!bounty) return fail(ErrorCode::NotFound, "Bounty not found.", "bounty_not_found");
    return std::move(*bounty);
}

// Of a partner who may submit.
Result<Enrollment> submitter(Tx& tx, const Bounty& bounty, const SubmitBounty& input) {
    const auto& ws = tx.workspace_id();
    auto enrollment =
        input.partner_id
            ? find_enrollment(tx, ws, bounty.program_id, *input.partner_id)
            : find_enrollment_by_tenant_id(tx, ws, bounty.program_id, input.tenant_id.value_or(""));
    if (!enrollment) {
        return fail(ErrorCode::NotFound, "The partner is not enrolled in this program.",
                    "partner_not_found");
    }
    if (enrollment->status != "approved") {
        return fail(ErrorCode::Conflict,
                    fmt::format("Partner {} is {} in this program: only approved partners may "
                                "submit.",
                                enrollment->partner_id, enrollment->status),
                    "partner_not_approved");
    }
    return std::move(*enrollment);
}

// Why nothing can be submitted now; empty when it can.
std::string closed_because(const Bounty& bounty, std::int64_t now_ms) {
    if (bounty.archived_at_ms) return "is archived";
    if (now_ms < bounty.starts_at_ms) return "has not started yet";
    return bounty.ends_at_ms && now_ms >= *bounty.ends_at_ms ? "has ended" : "";
}

bool is_for(const Bounty& bounty, const Enrollment& enrollment) {
    return bounty.group_ids.empty() ||
           std::ranges::find(bounty.group_ids, enrollment.group_id) != bounty.group_ids.end();
}

Result<BountySubmission> existing_submission(Tx& tx, const ReviewedSubmission& which) {
    HW_TRY(existing_bounty(tx, which.bounty_id));
    auto submission = lock_submission(tx, tx.workspace_id(), which.submission_id);
    if (!submission || submission->bounty_id != which.bounty_id) {
        return fail(ErrorCode::NotFound, "Bounty submission not found.", "submission_not_found");
    }
    return std::move(*submission);
}

std::unexpected<Error> conflict(std::string message) {
    return fail(ErrorCode::Conflict, std::move(message), "submission_reviewed");
}

std::string pay(Tx& tx, const Bounty& bounty, const BountySubmission& submission,
                std::int64_t reward) {
    const auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    Commission commission;
    commission.workspace_id = tx.workspace_id();
    commission.commission_id = tx.new_id("cm_");
    commission.program_id = bounty.program_id;
    commission.partner_id = submission.partner_id;
    commission.kind = "custom";
    commission.earnings = reward;
    commission.currency = workspace->currency;
    commission.description = fmt::format("Bounty: {}", bounty.name);
    commission.occurred_at_ms = commission.created_at_ms = tx.now_ms();
    commission.matures_at_ms = tx.now_ms();  // nothing is held back of what was handed out
    const auto taken = claim_commission_key(
        tx, tx.workspace_id(), "bounty:" + submission.submission_id, commission.commission_id);
    HW_ASSERT(!taken);  // the submission is locked and not approved
    insert_commission(tx, commission);
    settle_commission(tx, commission, "accrual");
    append_outbox(tx, "commission.created", commission.commission_id);
    return commission.commission_id;
}

// An approved one is asked for again.
Result<BountySubmission> approve_again(Tx& tx, BountySubmission submission,
                                       std::optional<std::int64_t> reward_amount) {
    HW_ASSERT(submission.commission_id);
    const auto paid = find_commission(tx, tx.workspace_id(), *submission.commission_id);
    HW_ASSERT(paid);
    if (reward_amount && *reward_amount != paid->earnings) {
        return conflict(
            fmt::format("Submission {} is approved already with a reward of {}: change "
                        "commission {} instead.",
                        submission.submission_id, paid->earnings, paid->commission_id));
    }
    return submission;
}

}  // namespace

Result<BountySubmission> submit_bounty(Tx& tx, const SubmitBounty& input) {
    const auto bounty = HW_TRY(existing_bounty(tx, input.bounty_id));
    const auto enrollment = HW_TRY(submitter(tx, bounty, input));
    if (const auto why = closed_because(bounty, tx.now_ms()); !why.empty()) {
        return conflict(fmt::format("Bounty {} {}.", bounty.bounty_id, why));
    }
    if (!is_for(bounty, enrollment)) {
        return conflict(fmt::format("Bounty {} is not for partners of group {}.", bounty.bounty_id,
                                    enrollment.group_id));
    }
    const auto before = count_submissions(tx, bounty.bounty_id, enrollment.partner_id);
    if (before >= bounty.submissions_max) {
        return conflict(
            fmt::format("Partner {} has {} submissions to bounty {}, which takes at "
                        "most {}.",
                        enrollment.partner_id, before, bounty.bounty_id, bounty.submissions_max));
    }
    BountySubmission made;
    made.workspace_id = tx.workspace_id();
    made.submission_id = tx.new_id("bnty_sub_");
    made.bounty_id = bounty.bounty_id;
    made.partner_id = enrollment.partner_id;
    made.period_number = before + 1;
    made.status = input.is_draft ? "draft" : "submitted";
    made.description = input.description;
    made.urls = input.urls;
    made.files = input.files;
    made.created_at_ms = tx.now_ms();
    if (!input.is_draft) made.completed_at_ms = tx.now_ms();
    if (!insert_submission(tx, made)) {
        throw Fault(FaultKind::Retryable, "the number of a submission was taken meanwhile");
    }
    return made;
}

std::optional<BountySubmission> award_bounty(Tx& tx, std::string_view bounty_id,
                                             const Enrollment& enrollment, std::int64_t count) {
    const auto bounty = find_bounty(tx, tx.workspace_id(), bounty_id);
    const bool is_open = bounty && bounty->program_id == enrollment.program_id &&
                         is_for(*bounty, enrollment) &&
                         closed_because(*bounty, tx.now_ms()).empty();
    if (!is_open) return std::nullopt;
    BountySubmission made;
    made.workspace_id = tx.workspace_id();
    made.submission_id = tx.new_id("bnty_sub_");
    made.bounty_id = bounty->bounty_id;
    made.partner_id = enrollment.partner_id;
    made.status = "submitted";
    made.performance_count = count;
    made.created_at_ms = tx.now_ms();
    made.completed_at_ms = tx.now_ms();
    if (!insert_submission(tx, made)) return std::nullopt;
    return made;
}

Result<BountySubmission> approve_submission(Tx& tx, const ReviewedSubmission& which,
                                            std::optional<std::int64_t> reward_amount) {
    auto submission = HW_TRY(existing_submission(tx, which));
    if (submission.status == "approved") {
        return approve_again(tx, std::move(submission), reward_amount);
    }
    if (submission.status == "draft") {
        return conflict(fmt::format("Submission {} is a draft: it must be submitted first.",
                                    submission.submission_id));
    }
    const auto bounty = HW_TRY(existing_bounty(tx, which.bounty_id));
    const auto reward = reward_amount ? reward_amount : bounty.reward_amount;
    if (!reward) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("invalid_type: rewardAmount: Bounty {} has no reward of its own: "
                                "say how much this submission earns, in minor units",
                                bounty.bounty_id),
                    "reward_missing");
    }
    submission.commission_id = pay(tx, bounty, submission, *reward);
    submission.status = "approved";
    submission.rejection_reason.reset();
    submission.rejection_note.reset();
    submission.reviewed_at_ms = tx.now_ms();
    update_submission(tx, submission);
    return submission;
}

Result<BountySubmission> reject_submission(Tx& tx, const ReviewedSubmission& which,
                                           const Rejection& rejection) {
    auto submission = HW_TRY(existing_submission(tx, which));
    if (submission.status == "approved") {
        return conflict(
            fmt::format("Submission {} is approved already: cancel commission {} "
                        "instead.",
                        submission.submission_id, submission.commission_id.value_or("")));
    }
    if (submission.status == "draft") {
        return conflict(fmt::format("Submission {} is a draft: there is nothing to reject yet.",
                                    submission.submission_id));
    }
    if (submission.status == "rejected") return submission;
    submission.status = "rejected";
    submission.rejection_reason = rejection.reason;
    submission.rejection_note = rejection.note;
    submission.reviewed_at_ms = tx.now_ms();
    update_submission(tx, submission);
    return submission;
}

Result<std::vector<BountySubmission>> list_bounty_submissions(Tx& tx,
                                                              const SubmissionFilter& filter) {
    HW_TRY(existing_bounty(tx, filter.bounty_id));
    return list_submissions(tx, filter);
}

}  // namespace hw
