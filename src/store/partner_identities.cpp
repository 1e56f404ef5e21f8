// SPDX-License-Identifier: Apache-2.0
#include "store/partner_identities.hpp"

#include "base/fault.hpp"

namespace hw {
namespace {

const Query kPutIdentity{"put_partner_identity", R"sql(
insert into partner_identities (workspace_id, kind, value, partner_id) values ($1, $2, $3, $4)
on conflict do nothing
)sql"};

const Query kHasIdentity{"has_partner_identity", R"sql(
select 1 from partner_identities
where workspace_id = $1 and kind = $2 and value = $3 and partner_id = $4
)sql"};

const Query kNamesakeByEmail{"find_namesake_by_email", R"sql(
select partner_id from partners
where workspace_id = $1 and email_normal = $2 and partner_id <> $3 order by partner_id limit 1
)sql"};

const Query kNamesakeByPayout{"find_namesake_by_payout", R"sql(
select theirs.partner_id
from partner_identities mine join partner_identities theirs
    on theirs.workspace_id = mine.workspace_id and theirs.kind = mine.kind
        and theirs.value = mine.value and theirs.partner_id <> mine.partner_id
where mine.workspace_id = $1 and mine.partner_id = $2 and mine.kind = 'payout'
order by theirs.partner_id limit 1
)sql"};

const Query kBanElsewhere{"find_ban_elsewhere", R"sql(
select program_id from enrollments
where workspace_id = $1 and partner_id = $2 and status = 'banned' and program_id <> $3
order by program_id limit 1
)sql"};

const Query kClaimEmailDomain{"claim_email_domain", R"sql(
insert into partner_email_domains (workspace_id, partner_id, domain, customer_id)
values ($1, $2, $3, $4) on conflict do nothing returning 1
)sql"};

const Query kFindEmailDomain{"find_email_domain", R"sql(
select customer_id from partner_email_domains
where workspace_id = $1 and partner_id = $2 and domain = $3
)sql"};

std::string first_text(const Row& row) {
    return row.text(0);
}

}  // namespace

void put_partner_identity(Tx& tx, std::string_view partner_id, std::string_view kind,
                          std::string_view value) {
    tx.exec(kPutIdentity, tx.workspace_id(), kind, value, partner_id);
}

bool has_partner_identity(Tx& tx, std::string_view partner_id, std::string_view kind,
                          std::string_view value) {
    return tx.any(kHasIdentity, tx.workspace_id(), kind, value, partner_id);
}

std::optional<std::string> find_namesake_by_email(Tx& tx, std::string_view partner_id,
                                                  std::string_view email_normal) {
    return tx.first(kNamesakeByEmail, first_text, tx.workspace_id(), email_normal, partner_id);
}

std::optional<std::string> find_namesake_by_payout(Tx& tx, std::string_view partner_id) {
    return tx.first(kNamesakeByPayout, first_text, tx.workspace_id(), partner_id);
}

std::optional<std::string> find_ban_elsewhere(Tx& tx, std::string_view partner_id,
                                              std::string_view program_id) {
    return tx.first(kBanElsewhere, first_text, tx.workspace_id(), partner_id, program_id);
}

std::string claim_email_domain(Tx& tx, std::string_view partner_id, std::string_view domain,
                               std::string_view customer_id) {
    if (tx.any(kClaimEmailDomain, tx.workspace_id(), partner_id, domain, customer_id)) {
        return std::string(customer_id);
    }
    const auto first =
        tx.first(kFindEmailDomain, first_text, tx.workspace_id(), partner_id, domain);
    HW_ASSERT(first);
    return *first;
}

}  // namespace hw
