// SPDX-License-Identifier: Apache-2.0
// Partners as the API answers them (reference: dub, 2.8). Rates are exact numbers, so answers are
// written with serialize_exact.
#pragma once

#include "api/exact_json.hpp"
#include "core/list_partners.hpp"

namespace hw {

json::object enrolled_partner_json(const EnrolledPartner& enrolled);

// {id, domain, key, shortLink, url, clicks, leads, conversions, sales, saleAmount}
json::array partner_links_json(const std::vector<LinkAndTotals>& links);

// {id, createdAt, partner, applicationFormData}
json::object application_json(const EnrolledPartner& applicant,
                              const PartnerApplication& application);

}  // namespace hw
