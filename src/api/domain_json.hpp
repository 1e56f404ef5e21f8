// SPDX-License-Identifier: Apache-2.0
// Domains as the api reads and answers them (reference: dub, 2.13).
#pragma once

#include "api/json.hpp"
#include "core/claim_domain.hpp"

namespace hw {

json::object domain_json(const Domain& domain);

// The fields of POST and PATCH bodies; absent ones stay as they are.
Result<DomainFields> read_domain_fields(const json::object& body);

}  // namespace hw
