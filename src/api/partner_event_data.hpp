// SPDX-License-Identifier: Apache-2.0
// What events tell of partners and of what they earned (reference: dub, 4.1).
#pragma once

#include <optional>
#include <string_view>

#include "api/exact_json.hpp"
#include "store/links.hpp"

namespace hw {

// The partner of the link with their totals, as of this moment of the transaction. Nothing for a
// link of nobody.
std::optional<json::object> event_partner(Tx& tx, const Link& link);

// The same of a partner of whom no link is known.
std::optional<json::object> event_partner(Tx& tx, std::string_view program_id,
                                          std::string_view partner_id);

// Stored JSON with its numbers as their owner wrote them.
json::value exact_or_null(const std::optional<std::string>& text);

// The data of commission.created.
json::object commission_data(Tx& tx, std::string_view commission_id);

}  // namespace hw
