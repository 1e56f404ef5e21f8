// SPDX-License-Identifier: Apache-2.0
// POST /partners: somebody becomes a partner of the programme, with the links of their group. Who
// is one already is found by tenant id or e-mail.
#pragma once

#include <optional>
#include <string>

#include "core/list_partners.hpp"
#include "core/partner_links.hpp"

namespace hw {

struct NewPartner {
    std::string email;
    std::optional<std::string> name;  // else the e-mail
    std::optional<std::string> username;
    std::optional<std::string> image;
    std::optional<std::string> tenant_id;
    std::optional<std::string> group_id;  // else "default"
    std::optional<std::string> country;
    std::optional<std::string> description;
    std::optional<std::string> company_name;
    std::optional<std::string> referred_by_partner_id;
    std::string status = "approved";  // or pending, for one who applies; without links until then
    PartnerLink links;                // what their links are to have; names no partner
};

struct EnrolledNow {
    EnrolledPartner enrolled;
    bool is_new = false;
};
Result<EnrolledNow> enroll_partner(Tx& tx, const NewPartner& input);

// An approved partner's default links, word of it, and the reward of whoever brought them.
Result<void> welcome_partner(Tx& tx, const Enrollment& enrollment, const PartnerLink& links);

}  // namespace hw
