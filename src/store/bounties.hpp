// SPDX-License-Identifier: Apache-2.0
// Bounties: what a programme pays for a deed, and what partners submitted for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Bounty {
    std::string workspace_id;
    std::string bounty_id;
    std::string program_id;
    std::string name;
    std::optional<std::string> description;
    std::string kind;                           // submission, performance
    std::optional<std::int64_t> reward_amount;  // reporting currency; nothing: told at approval
    std::vector<std::string> group_ids;         // empty: partners of every group
    std::int64_t submissions_max = 1;           // of one partner
    std::int64_t starts_at_ms = 0;
    std::optional<std::int64_t> ends_at_ms;
    std::optional<std::int64_t> archived_at_ms;
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;
};

void insert_bounty(Tx& tx, const Bounty& bounty);
void update_bounty(Tx& tx, const Bounty& bounty);
void delete_bounty(Tx& tx, std::string_view workspace_id, std::string_view bounty_id);
std::optional<Bounty> find_bounty(Tx& tx, std::string_view workspace_id,
                                  std::string_view bounty_id);
// Newest first, before that one; empty: from the newest.
std::vector<Bounty> list_bounties(Tx& tx, std::string_view workspace_id, std::string_view after,
                                  std::int64_t limit);

struct SubmittedFile {
    std::string url;
    std::string file_name;
    std::int64_t size = 0;  // bytes
};

struct BountySubmission {
    std::string workspace_id;
    std::string submission_id;
    std::string bounty_id;
    std::string partner_id;
    std::int64_t period_number = 1;  // counts the partner's submissions to the bounty
    std::string status;              // draft, submitted, approved, rejected
    std::optional<std::string> description;
    std::vector<std::string> urls;
    std::vector<SubmittedFile> files;
    std::optional<std::int64_t> performance_count;
    std::optional<std::int64_t> social_metric_count;
    std::optional<std::string> commission_id;  // what its approval paid
    std::optional<std::string> rejection_reason;
    std::optional<std::string> rejection_note;
    std::int64_t created_at_ms = 0;
    std::optional<std::int64_t> completed_at_ms;
    std::optional<std::int64_t> reviewed_at_ms;
};

// False when that number of the partner is taken.
bool insert_submission(Tx& tx, const BountySubmission& submission);
// Status, review and commission.
void update_submission(Tx& tx, const BountySubmission& submission);
std::optional<BountySubmission> find_submission(Tx& tx, std::string_view workspace_id,
                                                std::string_view submission_id);
// The same; whoever reviews it holds it until the transaction ends.
std::optional<BountySubmission> lock_submission(Tx& tx, std::string_view workspace_id,
                                                std::string_view submission_id);
std::int64_t count_submissions(Tx& tx, std::string_view bounty_id, std::string_view partner_id);
bool has_submissions(Tx& tx, std::string_view bounty_id);

enum class SubmissionOrder : std::uint8_t { CompletedAt, PerformanceCount, SocialMetricCount };
struct SubmissionFilter {
    std::string bounty_id;
    std::string status;  // empty: any, and so are the others
    std::string partner_id;
    std::string group_id;
    SubmissionOrder order = SubmissionOrder::CompletedAt;
    bool ascending = true;
    std::int64_t limit = 100;
    std::int64_t offset = 0;
};
std::vector<BountySubmission> list_submissions(Tx& tx, const SubmissionFilter& filter);

}  // namespace hw
