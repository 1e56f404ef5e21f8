// SPDX-License-Identifier: Apache-2.0
// GET /partners: partners of a programme with all that the API says about them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "store/partner_applications.hpp"
#include "store/partner_list.hpp"
#include "store/programs.hpp"

namespace hw {

struct LinkAndTotals {
    Link link;
    LinkCounts totals;
};

struct EnrolledPartner {
    Partner partner;
    Enrollment enrollment;
    std::optional<PartnerGroup> group;
    std::vector<LinkAndTotals> links;  // oldest first
    PartnerTotals totals;              // of all links
    std::int64_t total_commissions = 0;
    std::optional<PartnerApplication> application;  // the latest
};

// `filter.program_id` is set here.
Result<std::vector<EnrolledPartner>> list_partners(Tx& tx, PartnerFilter filter);

// The same for enrollments that were found, in their order.
std::vector<EnrolledPartner> load_partners(Tx& tx, const std::vector<Enrollment>& enrollments);
EnrolledPartner load_partner(Tx& tx, const Enrollment& enrollment);

}  // namespace hw
