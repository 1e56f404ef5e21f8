// SPDX-License-Identifier: Apache-2.0
// By what partners are known apart from their ids: so that two who are one person are found, and a
// partner who is their own customer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

// `kind` is "payout" (`value`: a digest of the payout method) or "visitor" (`value`: Touch::visitor
// of the partner's own visit, in decimal). Twice is once.
void put_partner_identity(Tx& tx, std::string_view partner_id, std::string_view kind,
                          std::string_view value);
bool has_partner_identity(Tx& tx, std::string_view partner_id, std::string_view kind,
                          std::string_view value);

// Somebody else with the same normal e-mail address (base/email_address.hpp).
std::optional<std::string> find_namesake_by_email(Tx& tx, std::string_view partner_id,
                                                  std::string_view email_normal);
// Somebody else with the same payout method.
std::optional<std::string> find_namesake_by_payout(Tx& tx, std::string_view partner_id);

// Another programme of the workspace that banned this partner.
std::optional<std::string> find_ban_elsewhere(Tx& tx, std::string_view partner_id,
                                              std::string_view program_id);

// The first customer that this partner brought of that e-mail domain: this one, if none before.
std::string claim_email_domain(Tx& tx, std::string_view partner_id, std::string_view domain,
                               std::string_view customer_id);

}  // namespace hw
