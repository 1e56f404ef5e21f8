// SPDX-License-Identifier: Apache-2.0
// What a workspace says about its domain is changed.
#pragma once

#include <string_view>

#include "core/claim_domain.hpp"

namespace hw {

// `new_slug` is what the caller wants it to be called; 422 for another name than it has.
Result<Domain> update_domain(Tx& tx, std::string_view slug,
                             const std::optional<std::string>& new_slug,
                             const DomainFields& fields);

}  // namespace hw
