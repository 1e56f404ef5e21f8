// SPDX-License-Identifier: Apache-2.0
// The partners of a programme as a list, with what belongs to many of them read at once.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/links.hpp"
#include "store/partners.hpp"

namespace hw {

// Empty texts mean "no such filter".
struct PartnerFilter {
    std::string program_id;
    std::string group_id;
    std::string status;
    std::string country;
    std::string email;
    std::string tenant_id;
    std::string search;                    // part of name, e-mail or user name, without case
    std::string sort = "totalSaleAmount";  // as the API calls it
    bool descending = true;
    std::int64_t limit = 100;
    std::int64_t offset = 0;
};

// Their enrollments, in the order asked for.
std::vector<Enrollment> list_enrollments(Tx& tx, const PartnerFilter& filter);

std::vector<Partner> find_partners(Tx& tx, std::string_view workspace_id,
                                   std::span<const std::string> partner_ids);

// Oldest first.
std::vector<Link> links_of_partners(Tx& tx, std::string_view workspace_id,
                                    std::span<const std::string> partner_ids);

// By link, the group that its partner is in now.
std::map<std::string, std::string, std::less<>> groups_of_links(
    Tx& tx, std::string_view workspace_id, std::span<const std::string> link_ids);

// All that their commissions come to, without those on hold. Who earned nothing is left out.
std::map<std::string, std::int64_t, std::less<>> earned_by_partners(
    Tx& tx, std::string_view workspace_id, std::span<const std::string> partner_ids);

}  // namespace hw
