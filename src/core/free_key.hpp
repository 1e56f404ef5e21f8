// SPDX-License-Identifier: Apache-2.0
// GET /links/exists and GET /links/random: keys that a new link could have.
#pragma once

#include <string>

#include "core/link_fields.hpp"

namespace hw {

// The refusal that a new link with this key would get for it.
Result<void> check_key_is_free(Tx& tx, const std::optional<std::string>& domain,
                               const std::string& key, const KeyReserved& key_reserved);

// A random key that no link of the domain has.
Result<std::string> random_free_key(Tx& tx, const std::optional<std::string>& domain,
                                    const KeyReserved& key_reserved);

}  // namespace hw
