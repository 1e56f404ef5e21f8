// SPDX-License-Identifier: Apache-2.0
// Partners and their enrollments: who takes part in which programme, in which group.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Partner {
    std::string workspace_id;
    std::string partner_id;
    std::string name;
    std::optional<std::string> username;
    std::optional<std::string> email;  // unique in the workspace, without case
    std::optional<std::string> image;
    std::optional<std::string> country;
    std::optional<std::string> company_name;
    std::optional<std::string> description;
    std::int64_t created_at_ms = 0;
};

bool insert_partner(Tx& tx, const Partner& partner);  // false: id or email taken
void update_partner(Tx& tx, const Partner& partner);
std::optional<Partner> find_partner(Tx& tx, std::string_view workspace_id,
                                    std::string_view partner_id);
std::optional<Partner> find_partner_by_email(Tx& tx, std::string_view workspace_id,
                                             std::string_view email);

// What the partner's links earned together.
struct PartnerTotals {
    std::int64_t clicks = 0;
    std::int64_t leads = 0;
    std::int64_t conversions = 0;
    std::int64_t sales = 0;
    std::int64_t sale_amount = 0;  // minor units of the reporting currency
};
PartnerTotals totals_of_partner(Tx& tx, std::string_view workspace_id, std::string_view partner_id);
// The link that sold most; the oldest of several.
std::optional<std::string> best_link_of_partner(Tx& tx, std::string_view workspace_id,
                                                std::string_view partner_id);

struct Enrollment {
    std::string workspace_id;
    std::string program_id;
    std::string partner_id;
    std::string enrollment_id;
    std::string group_id;
    std::string status;  // pending, approved, rejected, invited, declined, deactivated, banned, ...
    std::optional<std::string> tenant_id;  // the merchant's own id of the partner
    std::optional<std::int64_t> banned_at_ms;
    std::optional<std::string> banned_reason;
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;
    std::optional<std::string> referred_by_partner_id;
};

bool insert_enrollment(Tx& tx, const Enrollment& enrollment);  // false: enrolled or tenant id taken
void update_enrollment(Tx& tx, const Enrollment& enrollment);
std::optional<Enrollment> find_enrollment(Tx& tx, std::string_view workspace_id,
                                          std::string_view program_id, std::string_view partner_id);
bool has_enrollments(Tx& tx, std::string_view workspace_id, std::string_view program_id,
                     std::string_view group_id);
std::optional<Enrollment> find_enrollment_by_tenant_id(Tx& tx, std::string_view workspace_id,
                                                       std::string_view program_id,
                                                       std::string_view tenant_id);

// For other statements that read partners and enrollments, as partners.cpp names their columns.
Partner partner_from(const Row& row);
Enrollment enrollment_from(const Row& row);

}  // namespace hw
