// SPDX-License-Identifier: Apache-2.0
// What the bodies of POST and PATCH /links have in common (reference: dub, 2.6).
#pragma once

#include "api/api.hpp"
#include "api/json.hpp"
#include "core/link_fields.hpp"

namespace hw {

// The known fields that have no meaning here yet are refused by name when they carry a value;
// null, false and empty ones pass, because clients send them as defaults.
Result<LinkFields> read_link_fields(const json::object& body);

// The keys that no link on the hosts of the API itself may have: the API answers their paths.
KeyReserved reserved_keys(const ApiOptions& options);

}  // namespace hw
