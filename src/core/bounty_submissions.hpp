// SPDX-License-Identifier: Apache-2.0
// From a partner's deed to its reward: a submission is told, or made by a workflow, and a person
// approves it, which pays a commission, or rejects it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/bounties.hpp"
#include "store/partners.hpp"
#include "store/tx.hpp"

namespace hw {

struct SubmitBounty {
    std::string bounty_id;
    std::optional<std::string> partner_id;  // this or
    std::optional<std::string> tenant_id;   // the merchant's own id
    std::optional<std::string> description;
    std::vector<std::string> urls;
    std::vector<SubmittedFile> files;
    bool is_draft = false;
};
Result<BountySubmission> submit_bounty(Tx& tx, const SubmitBounty& input);

// The submission that a workflow makes when the partner has reached `count`; nothing when the
// bounty is over, not for this partner, or has one already.
std::optional<BountySubmission> award_bounty(Tx& tx, std::string_view bounty_id,
                                             const Enrollment& enrollment, std::int64_t count);

struct ReviewedSubmission {
    std::string_view bounty_id;
    std::string_view submission_id;
};

// Pays the reward: what is told, else the bounty's own. Told again it changes nothing; with another
// reward it is refused.
Result<BountySubmission> approve_submission(Tx& tx, const ReviewedSubmission& which,
                                            std::optional<std::int64_t> reward_amount);

struct Rejection {
    std::optional<std::string> reason;
    std::optional<std::string> note;
};
Result<BountySubmission> reject_submission(Tx& tx, const ReviewedSubmission& which,
                                           const Rejection& rejection);

Result<std::vector<BountySubmission>> list_bounty_submissions(Tx& tx,
                                                              const SubmissionFilter& filter);

}  // namespace hw
