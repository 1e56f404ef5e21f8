// SPDX-License-Identifier: Apache-2.0
// The links of partners: made for them when they are enrolled and afterwards, in the programme's
// name and to its addresses (reference: dub, 2.8).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/create_link.hpp"
#include "core/list_partners.hpp"

namespace hw {

// Either will do.
struct PartnerReference {
    std::optional<std::string> partner_id;
    std::optional<std::string> tenant_id;
};

// Of the workspace's first programme. 400 without a reference, 404 for a stranger.
Result<Enrollment> find_enrolled(Tx& tx, const PartnerReference& reference);

Result<std::vector<LinkAndTotals>> list_partner_links(Tx& tx, const PartnerReference& reference);

struct PartnerLink {
    PartnerReference partner;
    std::optional<std::string> url;  // else the programme's
    std::optional<std::string> key;  // else from the partner's name
    std::string prefix;
    LinkFields props;  // what else the link is to have
    KeyReserved key_reserved;
};
Result<LinkWithTotals> create_partner_link(Tx& tx, const PartnerLink& input);
// The partner's link to that URL, changed when there is one and made when there is none.
Result<LinkWithTotals> upsert_partner_link(Tx& tx, const PartnerLink& input);

// One link for each that partners of the group begin with.
Result<void> create_default_links(Tx& tx, const EnrolledPartner& partner, const PartnerLink& input);

// A link that names a partner must name one of the programme that it names, or of the first.
Result<void> check_link_partner(Tx& tx, const LinkFields& fields, Link& link);

}  // namespace hw
