// SPDX-License-Identifier: Apache-2.0
// The query parameters that say which links, for lists and counts of them (reference: dub, 2.6).
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "core/list_links.hpp"

namespace hw {

Result<LinkQuery> read_link_query(std::string_view query);

}  // namespace hw
