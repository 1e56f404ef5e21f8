// SPDX-License-Identifier: Apache-2.0
// What the bodies of the calls about partners have in common (reference: dub, 2.8).
#pragma once

#include "api/api.hpp"
#include "api/json.hpp"
#include "core/enroll_partner.hpp"

namespace hw {

// partnerId and tenantId, either of which names the partner.
Result<PartnerReference> read_partner_reference(const json::object& body);
Result<PartnerReference> read_partner_reference(std::string_view query);

// linkProps: what a partner's links may have said about them.
Result<PartnerLink> read_partner_link_props(const json::object& body, const ApiOptions& options);

// The body of POST /partners.
Result<NewPartner> read_new_partner(const json::object& body, const ApiOptions& options);

}  // namespace hw
