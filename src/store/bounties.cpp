// SPDX-License-Identifier: Apache-2.0
#include "store/bounties.hpp"

#include <array>
#include <boost/json.hpp>

#include "store/json_array.hpp"

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertBounty{"insert_bounty", R"sql(
insert into bounties (workspace_id, bounty_id, program_id, name, description, kind, reward_amount,
    group_ids, submissions_max, starts_at_ms, ends_at_ms, archived_at_ms, created_at_ms,
    updated_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
)sql"};

const Query kUpdateBounty{"update_bounty", R"sql(
update bounties set name = $3, description = $4, reward_amount = $5, group_ids = $6,
    submissions_max = $7, starts_at_ms = $8, ends_at_ms = $9, archived_at_ms = $10,
    updated_at_ms = $11
where workspace_id = $1 and bounty_id = $2
)sql"};

const Query kDeleteBounty{"delete_bounty",
                          "delete from bounties where workspace_id = $1 and bounty_id = $2"};

const std::string kBountyColumns =
    "select workspace_id, bounty_id, program_id, name, description, kind, reward_amount, "
    "group_ids, submissions_max, starts_at_ms, ends_at_ms, archived_at_ms, created_at_ms, "
    "updated_at_ms from bounties where workspace_id = $1 ";

const Query kFindBounty{"find_bounty", kBountyColumns + "and bounty_id = $2"};
const Query kListBounties{"list_bounties",
                          kBountyColumns + "and bounty_id < $2 order by bounty_id desc limit $3"};

const Query kInsertSubmission{"insert_bounty_submission", R"sql(
insert into bounty_submissions (workspace_id, submission_id, bounty_id, partner_id, period_number,
    status, description, urls, files, performance_count, social_metric_count, created_at_ms,
    completed_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing returning 1
)sql"};

const Query kUpdateSubmission{"update_bounty_submission", R"sql(
update bounty_submissions set status = $3, commission_id = $4, rejection_reason = $5,
    rejection_note = $6, reviewed_at_ms = $7
where workspace_id = $1 and submission_id = $2
)sql"};

const std::string kSubmissionColumns =
    "select s.workspace_id, s.submission_id, s.bounty_id, s.partner_id, s.period_number, s.status, "
    "s.description, s.urls, s.files, s.performance_count, s.social_metric_count, s.commission_id, "
    "s.rejection_reason, s.rejection_note, s.created_at_ms, s.completed_at_ms, s.reviewed_at_ms "
    "from bounty_submissions s where s.workspace_id = $1 ";

const Query kFindSubmission{"find_bounty_submission",
                            kSubmissionColumns + "and s.submission_id = $2"};

const Query kLockSubmission{"lock_bounty_submission", R"sql(
update bounty_submissions set status = status where workspace_id = $1 and submission_id = $2
)sql"};

const Query kCountSubmissions{"count_bounty_submissions", R"sql(
select count(*) from bounty_submissions
where workspace_id = $1 and bounty_id = $2 and partner_id = $3
)sql"};

const Query kHasSubmissions{"has_bounty_submissions", R"sql(
select 1 from bounty_submissions where workspace_id = $1 and bounty_id = $2 limit 1
)sql"};

std::string list_sql(const std::string& key, const std::string& direction) {
    return kSubmissionColumns +
           "and s.bounty_id = $2 and ($3 = '' or s.status = $3) "
           "and ($4 = '' or s.partner_id = $4) "
           "and ($5 = '' or exists (select 1 from bounties b join enrollments e "
           "on e.workspace_id = b.workspace_id and e.program_id = b.program_id "
           "and e.partner_id = s.partner_id "
           "where b.workspace_id = s.workspace_id and b.bounty_id = s.bounty_id "
           "and e.group_id = $5)) order by coalesce(s." +
           key + ", 0) " + direction + ", s.submission_id " + direction + " limit $6 offset $7";
}

// By SubmissionOrder; first upwards, then downwards.
const std::array<Query, 6> kListSubmissions{{
    {"list_submissions_completed_up", list_sql("completed_at_ms", "")},
    {"list_submissions_completed_down", list_sql("completed_at_ms", "desc")},
    {"list_submissions_performance_up", list_sql("performance_count", "")},
    {"list_submissions_performance_down", list_sql("performance_count", "desc")},
    {"list_submissions_social_up", list_sql("social_metric_count", "")},
    {"list_submissions_social_down", list_sql("social_metric_count", "desc")},
}};

constexpr std::string_view kAboveEveryId = "\U0010FFFF";

std::vector<std::string> texts_from(const std::string& text) {
    std::vector<std::string> texts;
    const auto all = json::parse(text);
    for (const auto& each : all.as_array()) texts.emplace_back(each.as_string());
    return texts;
}

std::string files_text(const std::vector<SubmittedFile>& files) {
    json::array all;
    for (const auto& file : files) {
        all.push_back({{"url", file.url}, {"fileName", file.file_name}, {"size", file.size}});
    }
    return json::serialize(all);
}

std::vector<SubmittedFile> files_from(const std::string& text) {
    std::vector<SubmittedFile> files;
    const auto all = json::parse(text);
    for (const auto& file : all.as_array()) {
        files.push_back({std::string(file.at("url").as_string()),
                         std::string(file.at("fileName").as_string()), file.at("size").as_int64()});
    }
    return files;
}

Bounty bounty_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .bounty_id = row.text(1),
            .program_id = row.text(2),
            .name = row.text(3),
            .description = row.optional_text(4),
            .kind = row.text(5),
            .reward_amount = row.optional_int64(6),
            .group_ids = texts_from(row.text(7)),
            .submissions_max = row.int64(8),
            .starts_at_ms = row.int64(9),
            .ends_at_ms = row.optional_int64(10),
            .archived_at_ms = row.optional_int64(11),
            .created_at_ms = row.int64(12),
            .updated_at_ms = row.int64(13)};
}

BountySubmission submission_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .submission_id = row.text(1),
            .bounty_id = row.text(2),
            .partner_id = row.text(3),
            .period_number = row.int64(4),
            .status = row.text(5),
            .description = row.optional_text(6),
            .urls = texts_from(row.text(7)),
            .files = files_from(row.text(8)),
            .performance_count = row.optional_int64(9),
            .social_metric_count = row.optional_int64(10),
            .commission_id = row.optional_text(11),
            .rejection_reason = row.optional_text(12),
            .rejection_note = row.optional_text(13),
            .created_at_ms = row.int64(14),
            .completed_at_ms = row.optional_int64(15),
            .reviewed_at_ms = row.optional_int64(16)};
}

}  // namespace

void insert_bounty(Tx& tx, const Bounty& b) {
    const auto groups = json_array_text(b.group_ids);
    tx.exec(kInsertBounty, b.workspace_id, b.bounty_id, b.program_id, b.name, b.description, b.kind,
            b.reward_amount, groups, b.submissions_max, b.starts_at_ms, b.ends_at_ms,
            b.archived_at_ms, b.created_at_ms, b.updated_at_ms);
}

void update_bounty(Tx& tx, const Bounty& b) {
    const auto groups = json_array_text(b.group_ids);
    tx.exec(kUpdateBounty, b.workspace_id, b.bounty_id, b.name, b.description, b.reward_amount,
            groups, b.submissions_max, b.starts_at_ms, b.ends_at_ms, b.archived_at_ms,
            b.updated_at_ms);
}

void delete_bounty(Tx& tx, std::string_view workspace_id, std::string_view bounty_id) {
    tx.exec(kDeleteBounty, workspace_id, bounty_id);
}

std::optional<Bounty> find_bounty(Tx& tx, std::string_view workspace_id,
                                  std::string_view bounty_id) {
    return tx.first(kFindBounty, bounty_from, workspace_id, bounty_id);
}

std::vector<Bounty> list_bounties(Tx& tx, std::string_view workspace_id, std::string_view after,
                                  std::int64_t limit) {
    const std::string_view before = after.empty() ? kAboveEveryId : after;
    return tx.all(kListBounties, bounty_from, workspace_id, before, limit);
}

bool insert_submission(Tx& tx, const BountySubmission& s) {
    const auto urls = json_array_text(s.urls);
    const auto files = files_text(s.files);
    return tx.any(kInsertSubmission, s.workspace_id, s.submission_id, s.bounty_id, s.partner_id,
                  s.period_number, s.status, s.description, urls, files, s.performance_count,
                  s.social_metric_count, s.created_at_ms, s.completed_at_ms);
}

void update_submission(Tx& tx, const BountySubmission& s) {
    tx.exec(kUpdateSubmission, s.workspace_id, s.submission_id, s.status, s.commission_id,
            s.rejection_reason, s.rejection_note, s.reviewed_at_ms);
}

std::optional<BountySubmission> find_submission(Tx& tx, std::string_view workspace_id,
                                                std::string_view submission_id) {
    return tx.first(kFindSubmission, submission_from, workspace_id, submission_id);
}

std::optional<BountySubmission> lock_submission(Tx& tx, std::string_view workspace_id,
                                                std::string_view submission_id) {
    tx.exec(kLockSubmission, workspace_id, submission_id);
    return find_submission(tx, workspace_id, submission_id);
}

std::int64_t count_submissions(Tx& tx, std::string_view bounty_id, std::string_view partner_id) {
    return *tx.first(
        kCountSubmissions, [](const Row& row) { return row.int64(0); }, tx.workspace_id(),
        bounty_id, partner_id);
}

bool has_submissions(Tx& tx, std::string_view bounty_id) {
    return tx.any(kHasSubmissions, tx.workspace_id(), bounty_id);
}

std::vector<BountySubmission> list_submissions(Tx& tx, const SubmissionFilter& filter) {
    const auto index = static_cast<std::size_t>(filter.order) * 2 + (filter.ascending ? 0 : 1);
    return tx.all(kListSubmissions[index], submission_from, tx.workspace_id(), filter.bounty_id,
                  filter.status, filter.partner_id, filter.group_id, filter.limit, filter.offset);
}

}  // namespace hw
