// SPDX-License-Identifier: Apache-2.0
// A workspace gives up a domain, with all of its links. What they earned stays on record.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "store/domains.hpp"

namespace hw {

Result<Domain> delete_domain(Tx& tx, std::string_view slug);

}  // namespace hw
