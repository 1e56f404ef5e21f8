// SPDX-License-Identifier: Apache-2.0
#include "store/partner_applications.hpp"

#include <fmt/format.h>

#include "store/json_array.hpp"

namespace hw {
namespace {

const Query kInsertApplication{"insert_application", R"sql(
insert into partner_applications (workspace_id, application_id, program_id, partner_id, group_id,
    form_data, verdict, rejection_reason, rejection_note, reapply_at_ms, fraud_flag,
    created_at_ms, reviewed_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql"};

const Query kReviewApplication{"review_application", R"sql(
update partner_applications set group_id = $3, verdict = $4, rejection_reason = $5,
    rejection_note = $6, reapply_at_ms = $7, fraud_flag = $8, reviewed_at_ms = $9
where workspace_id = $1 and application_id = $2
)sql"};

std::string select_applications(std::string_view rest) {
    return fmt::format(R"sql(
select a.workspace_id, a.application_id, a.program_id, a.partner_id, a.group_id, a.form_data,
    a.verdict, a.rejection_reason, a.rejection_note, a.reapply_at_ms, a.fraud_flag,
    a.created_at_ms, a.reviewed_at_ms
from partner_applications a {}
)sql",
                       rest);
}

const Query kFindApplication{
    "find_application", select_applications("where a.workspace_id = $1 and a.application_id = $2")};

const Query kOfPartners{"applications_of_partners",
                        select_applications("where a.workspace_id = $1 and a.partner_id in "
                                            "(select value from json_each($2)) "
                                            "order by a.application_id"),
                        select_applications("where a.workspace_id = $1 and a.partner_id in "
                                            "(select json_array_elements_text(cast($2 as json))) "
                                            "order by a.application_id")};

const Query kListWaiting{"list_waiting_applications", select_applications(R"sql(
    join partners p on p.workspace_id = a.workspace_id and p.partner_id = a.partner_id
where a.workspace_id = $1 and a.program_id = $2 and a.verdict = ''
    and ($3 = '' or a.group_id = $3) and ($4 = '' or p.country = $4)
order by a.application_id desc limit $5 offset $6
)sql")};

PartnerApplication application_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .application_id = row.text(1),
            .program_id = row.text(2),
            .partner_id = row.text(3),
            .group_id = row.text(4),
            .form_data = row.text(5),
            .verdict = row.text(6),
            .rejection_reason = row.optional_text(7),
            .rejection_note = row.optional_text(8),
            .reapply_at_ms = row.optional_int64(9),
            .fraud_flag = row.optional_text(10),
            .created_at_ms = row.int64(11),
            .reviewed_at_ms = row.optional_int64(12)};
}

}  // namespace

void insert_application(Tx& tx, const PartnerApplication& a) {
    tx.exec(kInsertApplication, a.workspace_id, a.application_id, a.program_id, a.partner_id,
            a.group_id, a.form_data, a.verdict, a.rejection_reason, a.rejection_note,
            a.reapply_at_ms, a.fraud_flag, a.created_at_ms, a.reviewed_at_ms);
}

void review_application(Tx& tx, const PartnerApplication& a) {
    tx.exec(kReviewApplication, a.workspace_id, a.application_id, a.group_id, a.verdict,
            a.rejection_reason, a.rejection_note, a.reapply_at_ms, a.fraud_flag, a.reviewed_at_ms);
}

std::optional<PartnerApplication> find_application(Tx& tx, std::string_view workspace_id,
                                                   std::string_view application_id) {
    return tx.first(kFindApplication, application_from, workspace_id, application_id);
}

std::vector<PartnerApplication> applications_of_partners(Tx& tx, std::string_view workspace_id,
                                                         std::span<const std::string> partner_ids) {
    return tx.all(kOfPartners, application_from, workspace_id, json_array_text(partner_ids));
}

std::vector<PartnerApplication> list_waiting_applications(Tx& tx, const ApplicationFilter& filter) {
    return tx.all(kListWaiting, application_from, tx.workspace_id(), filter.program_id,
                  filter.group_id, filter.country, filter.limit, filter.offset);
}

}  // namespace hw
