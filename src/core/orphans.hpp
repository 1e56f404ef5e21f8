// SPDX-License-Identifier: Apache-2.0
// Conversions that belong to no link, why, and what would be theirs if a person says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/attributions.hpp"
#include "store/conversions.hpp"
#include "store/links.hpp"

namespace hw {

struct Orphan {
    Conversion conversion;
    Attribution decision;
    std::optional<Link> suggested;  // by a rung without proof of the person
};

struct OrphanPage {
    std::vector<Orphan> orphans;      // oldest first
    std::vector<OrphanCount> counts;  // of all there are, by reason
    std::string next_id;              // where to go on; empty: that was all
};

OrphanPage list_orphan_page(Tx& tx, std::string_view after_id, std::int64_t limit);

}  // namespace hw
