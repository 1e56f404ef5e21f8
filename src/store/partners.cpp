// SPDX-License-Identifier: Apache-2.0
#include "store/partners.hpp"

#include "base/ascii.hpp"
#include "base/email_address.hpp"

namespace hw {
namespace {

const Query kInsertPartner{"insert_partner", R"sql(
insert into partners (workspace_id, partner_id, name, username, email, email_folded, email_normal,
    image, country, company_name, description, created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning 1
)sql"};

const Query kUpdatePartner{"update_partner", R"sql(
update partners set name = $3, username = $4, email = $5, email_folded = $6, email_normal = $7,
    image = $8, country = $9, company_name = $10, description = $11
where workspace_id = $1 and partner_id = $2
)sql"};

const std::string kPartnerColumns =
    "select workspace_id, partner_id, name, username, email, image, country, company_name, "
    "description, created_at_ms from partners where workspace_id = $1 ";

const Query kFindPartner{"find_partner", kPartnerColumns + "and partner_id = $2"};
const Query kFindPartnerByEmail{"find_partner_by_email", kPartnerColumns + "and email_folded = $2"};

const Query kTotalsOfPartner{"totals_of_partner", R"sql(
select cast(coalesce(sum(t.clicks), 0) as bigint), cast(coalesce(sum(t.leads), 0) as bigint),
    cast(coalesce(sum(t.conversions), 0) as bigint), cast(coalesce(sum(t.sales), 0) as bigint),
    cast(coalesce(sum(t.sale_amount), 0) as bigint)
from links l join link_totals t on t.workspace_id = l.workspace_id and t.link_id = l.link_id
where l.workspace_id = $1 and l.partner_id = $2
)sql"};

const Query kBestLinkOfPartner{"best_link_of_partner", R"sql(
select l.link_id
from links l left join link_totals t on t.workspace_id = l.workspace_id and t.link_id = l.link_id
where l.workspace_id = $1 and l.partner_id = $2
group by l.link_id
order by coalesce(sum(t.sale_amount), 0) desc, coalesce(sum(t.leads), 0) desc, l.link_id limit 1
)sql"};

const Query kInsertEnrollment{"insert_enrollment", R"sql(
insert into enrollments (workspace_id, program_id, partner_id, enrollment_id, group_id, status,
    tenant_id, banned_at_ms, banned_reason, created_at_ms, updated_at_ms, referred_by_partner_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning 1
)sql"};

const Query kUpdateEnrollment{"update_enrollment", R"sql(
update enrollments set group_id = $4, status = $5, tenant_id = $6, banned_at_ms = $7,
    banned_reason = $8, updated_at_ms = $9, referred_by_partner_id = $10
where workspace_id = $1 and program_id = $2 and partner_id = $3
)sql"};

const std::string kEnrollmentColumns =
    "select workspace_id, program_id, partner_id, enrollment_id, group_id, status, tenant_id, "
    "banned_at_ms, banned_reason, created_at_ms, updated_at_ms, referred_by_partner_id "
    "from enrollments "
    "where workspace_id = $1 and program_id = $2 ";

const Query kFindEnrollment{"find_enrollment", kEnrollmentColumns + "and partner_id = $3"};
const Query kFindEnrollmentByTenantId{"find_enrollment_by_tenant_id",
                                      kEnrollmentColumns + "and tenant_id = $3"};

const Query kHasEnrollments{"has_enrollments", R"sql(
select 1 from enrollments where workspace_id = $1 and program_id = $2 and group_id = $3 limit 1
)sql"};

std::optional<std::string> folded_email(const Partner& partner) {
    return partner.email ? std::optional(ascii_lower(*partner.email)) : std::nullopt;
}

std::optional<std::string> normal_email(const Partner& partner) {
    auto address = partner.email ? parse_email_address(*partner.email) : std::nullopt;
    return address ? std::optional(std::move(address->normal)) : std::nullopt;
}

}  // namespace

Partner partner_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .partner_id = row.text(1),
            .name = row.text(2),
            .username = row.optional_text(3),
            .email = row.optional_text(4),
            .image = row.optional_text(5),
            .country = row.optional_text(6),
            .company_name = row.optional_text(7),
            .description = row.optional_text(8),
            .created_at_ms = row.int64(9)};
}

Enrollment enrollment_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .program_id = row.text(1),
            .partner_id = row.text(2),
            .enrollment_id = row.text(3),
            .group_id = row.text(4),
            .status = row.text(5),
            .tenant_id = row.optional_text(6),
            .banned_at_ms = row.optional_int64(7),
            .banned_reason = row.optional_text(8),
            .created_at_ms = row.int64(9),
            .updated_at_ms = row.int64(10),
            .referred_by_partner_id = row.optional_text(11)};
}

bool insert_partner(Tx& tx, const Partner& partner) {
    const auto folded = folded_email(partner);
    const auto normal = normal_email(partner);
    return tx.any(kInsertPartner, partner.workspace_id, partner.partner_id, partner.name,
                  partner.username, partner.email, folded, normal, partner.image, partner.country,
                  partner.company_name, partner.description, partner.created_at_ms);
}

void update_partner(Tx& tx, const Partner& partner) {
    const auto folded = folded_email(partner);
    const auto normal = normal_email(partner);
    tx.exec(kUpdatePartner, partner.workspace_id, partner.partner_id, partner.name,
            partner.username, partner.email, folded, normal, partner.image, partner.country,
            partner.company_name, partner.description);
}

std::optional<Partner> find_partner(Tx& tx, std::string_view workspace_id,
                                    std::string_view partner_id) {
    return tx.first(kFindPartner, partner_from, workspace_id, partner_id);
}

std::optional<Partner> find_partner_by_email(Tx& tx, std::string_view workspace_id,
                                             std::string_view email) {
    const auto folded = ascii_lower(email);
    return tx.first(kFindPartnerByEmail, partner_from, workspace_id, folded);
}

std::optional<std::string> best_link_of_partner(Tx& tx, std::string_view workspace_id,
                                                std::string_view partner_id) {
    return tx.first(
        kBestLinkOfPartner, [](const Row& row) { return row.text(0); }, workspace_id, partner_id);
}

PartnerTotals totals_of_partner(Tx& tx, std::string_view workspace_id,
                                std::string_view partner_id) {
    return tx
        .first(
            kTotalsOfPartner,
            [](const Row& row) {
                return PartnerTotals{row.int64(0), row.int64(1), row.int64(2), row.int64(3),
                                     row.int64(4)};
            },
            workspace_id, partner_id)
        .value();
}

bool insert_enrollment(Tx& tx, const Enrollment& e) {
    return tx.any(kInsertEnrollment, e.workspace_id, e.program_id, e.partner_id, e.enrollment_id,
                  e.group_id, e.status, e.tenant_id, e.banned_at_ms, e.banned_reason,
                  e.created_at_ms, e.updated_at_ms, e.referred_by_partner_id);
}

void update_enrollment(Tx& tx, const Enrollment& e) {
    tx.exec(kUpdateEnrollment, e.workspace_id, e.program_id, e.partner_id, e.group_id, e.status,
            e.tenant_id, e.banned_at_ms, e.banned_reason, e.updated_at_ms,
            e.referred_by_partner_id);
}

std::optional<Enrollment> find_enrollment(Tx& tx, std::string_view workspace_id,
                                          std::string_view program_id,
                                          std::string_view partner_id) {
    return tx.first(kFindEnrollment, enrollment_from, workspace_id, program_id, partner_id);
}

bool has_enrollments(Tx& tx, std::string_view workspace_id, std::string_view program_id,
                     std::string_view group_id) {
    return tx.any(kHasEnrollments, workspace_id, program_id, group_id);
}

std::optional<Enrollment> find_enrollment_by_tenant_id(Tx& tx, std::string_view workspace_id,
                                                       std::string_view program_id,
                                                       std::string_view tenant_id) {
    return tx.first(kFindEnrollmentByTenantId, enrollment_from, workspace_id, program_id,
                    tenant_id);
}

}  // namespace hw
