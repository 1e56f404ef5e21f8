// SPDX-License-Identifier: Apache-2.0
// What the bodies of the calls that make and change links have in common (reference: dub, 2.6).
#pragma once

#include "api/api.hpp"
#include "api/json.hpp"
#include "core/create_link.hpp"
#include "core/link_fields.hpp"

namespace hw {

// webhookIds are refused while they name any: links have no webhooks of their own here.
Result<LinkFields> read_link_fields(const json::object& body);

// The same for a new link, with what only new links have.
Result<CreateLink> read_create_link(const json::object& body, const ApiOptions& options);

// The keys that no link on the hosts of the API itself may have: the API answers their paths.
KeyReserved reserved_keys(const ApiOptions& options);

}  // namespace hw
