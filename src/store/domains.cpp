// SPDX-License-Identifier: Apache-2.0
#include "store/domains.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hw {
namespace {

// The same columns of both tables, in the order of domain_from and of a domain's parameters.
constexpr std::string_view kColumns =
    "slug, workspace_id, domain_id, is_primary, created_at_ms, archived, placeholder, expired_url, "
    "not_found_url, logo, asset_links, apple_app_site_association, token, updated_at_ms";
constexpr std::string_view kParameters =
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14";
constexpr std::string_view kChanges =
    "is_primary = $3, archived = $4, placeholder = $5, expired_url = $6, not_found_url = $7, "
    "logo = $8, asset_links = $9, apple_app_site_association = $10, token = $11, "
    "updated_at_ms = $12";

std::string insert_into(std::string_view table) {
    return fmt::format("insert into {} ({}) values ({}) on conflict do nothing returning 1", table,
                       kColumns, kParameters);
}

std::string update_of(std::string_view table) {
    return fmt::format("update {} set {} where workspace_id = $1 and slug = $2", table, kChanges);
}

std::string select_from(std::string_view table, std::string_view rest) {
    return fmt::format("select {} from {} where {}", kColumns, table, rest);
}

const Query kInsertDomain{"insert_domain", insert_into("domains")};
const Query kInsertDomainClaim{"insert_domain_claim", insert_into("domain_claims")};
const Query kUpdateDomain{"update_domain", update_of("domains")};
const Query kUpdateDomainClaim{"update_domain_claim", update_of("domain_claims")};
const Query kDeleteDomain{"delete_domain",
                          "delete from domains where workspace_id = $1 and slug = $2"};
const Query kDeleteDomainClaim{"delete_domain_claim",
                               "delete from domain_claims where workspace_id = $1 and slug = $2"};
const Query kFindDomain{"find_domain", select_from("domains", "slug = $1")};
const Query kFindOwnDomain{"find_own_domain",
                           select_from("domains", "workspace_id = $1 and slug = $2")};
const Query kFindDomainClaim{"find_domain_claim",
                             select_from("domain_claims", "workspace_id = $1 and slug = $2")};
const Query kListDomains{"list_domains", select_from("domains", "workspace_id = $1 order by slug")};
const Query kListDomainClaims{"list_domain_claims",
                              select_from("domain_claims", "workspace_id = $1 order by slug")};

const Query kCountDomainClaims{"count_domain_claims",
                               "select count(*) from domain_claims where slug = $1"};

const Query kUntagDomainLinks{"untag_domain_links", R"sql(
delete from link_tags where workspace_id = $1 and link_id in (
    select link_id from links where workspace_id = $1 and domain = $2)
)sql"};
const Query kDeleteDomainLinks{"delete_domain_links",
                               "delete from links where workspace_id = $1 and domain = $2"};

Domain domain_from(const Row& row) {
    return {.slug = row.text(0),
            .workspace_id = row.text(1),
            .domain_id = row.text(2),
            .primary = row.boolean(3),
            .created_at_ms = row.int64(4),
            .verified = true,
            .archived = row.boolean(5),
            .placeholder = row.optional_text(6),
            .expired_url = row.optional_text(7),
            .not_found_url = row.optional_text(8),
            .logo = row.optional_text(9),
            .asset_links = row.optional_text(10),
            .apple_app_site_association = row.optional_text(11),
            .token = row.text(12),
            .updated_at_ms = row.int64(13)};
}

Domain claim_from(const Row& row) {
    auto claim = domain_from(row);
    claim.verified = false;
    return claim;
}

void forget(Tx& tx, const Domain& domain) {
    tx.invalidate("domain:" + domain.slug);
}

}  // namespace

bool insert_domain(Tx& tx, const Domain& domain) {
    if (domain.verified) forget(tx, domain);
    return tx.any(domain.verified ? kInsertDomain : kInsertDomainClaim, domain.slug,
                  domain.workspace_id, domain.domain_id, domain.primary, domain.created_at_ms,
                  domain.archived, domain.placeholder, domain.expired_url, domain.not_found_url,
                  domain.logo, domain.asset_links, domain.apple_app_site_association, domain.token,
                  domain.updated_at_ms);
}

void update_domain(Tx& tx, const Domain& domain) {
    if (domain.verified) forget(tx, domain);
    tx.exec(domain.verified ? kUpdateDomain : kUpdateDomainClaim, domain.workspace_id, domain.slug,
            domain.primary, domain.archived, domain.placeholder, domain.expired_url,
            domain.not_found_url, domain.logo, domain.asset_links,
            domain.apple_app_site_association, domain.token, domain.updated_at_ms);
}

bool verify_domain(Tx& tx, const Domain& claim) {
    auto domain = claim;
    domain.verified = true;
    if (!insert_domain(tx, domain)) return false;
    tx.exec(kDeleteDomainClaim, claim.workspace_id, claim.slug);
    return true;
}

void unverify_domain(Tx& tx, const Domain& domain) {
    forget(tx, domain);
    tx.exec(kDeleteDomain, domain.workspace_id, domain.slug);
    auto claim = domain;
    claim.verified = false;
    insert_domain(tx, claim);
}

std::int64_t count_domain_claims(Tx& tx, std::string_view slug) {
    return tx.first(
                 kCountDomainClaims, [](const Row& row) { return row.int64(0); }, slug)
        .value_or(0);
}

void delete_domain(Tx& tx, const Domain& domain) {
    forget(tx, domain);
    tx.exec(kUntagDomainLinks, domain.workspace_id, domain.slug);
    tx.exec(kDeleteDomainLinks, domain.workspace_id, domain.slug);
    tx.exec(domain.verified ? kDeleteDomain : kDeleteDomainClaim, domain.workspace_id, domain.slug);
}

std::optional<Domain> find_domain(Tx& tx, std::string_view slug) {
    return tx.first(kFindDomain, domain_from, slug);
}

std::optional<Domain> find_own_domain(Tx& tx, std::string_view workspace_id,
                                      std::string_view slug) {
    auto found = tx.first(kFindOwnDomain, domain_from, workspace_id, slug);
    if (!found) found = tx.first(kFindDomainClaim, claim_from, workspace_id, slug);
    return found;
}

std::vector<Domain> list_domains(Tx& tx, std::string_view workspace_id) {
    auto domains = tx.all(kListDomains, domain_from, workspace_id);
    auto claims = tx.all(kListDomainClaims, claim_from, workspace_id);
    std::ranges::move(claims, std::back_inserter(domains));
    std::ranges::stable_sort(domains, [](const Domain& a, const Domain& b) {
        if (a.primary != b.primary) return a.primary;
        return a.verified != b.verified ? a.verified : a.slug < b.slug;
    });
    return domains;
}

}  // namespace hw
