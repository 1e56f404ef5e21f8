// SPDX-License-Identifier: Apache-2.0
// GET /links/{linkId} and GET /links/info: one link with what it earned.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/link_fields.hpp"

namespace hw {

// `reference` is a link's id, or "ext_" and its external id.
Result<Link> find_referenced_link(Tx& tx, std::string_view reference);

Result<LinkWithTotals> get_link(Tx& tx, std::string_view reference);

// The first of the three ways that is complete counts.
struct LinkAddress {
    std::optional<std::string> domain;
    std::optional<std::string> key;
    std::optional<std::string> link_id;
    std::optional<std::string> external_id;  // with the prefix "ext_", best
};
Result<LinkWithTotals> get_link_info(Tx& tx, const LinkAddress& address);

}  // namespace hw
