// SPDX-License-Identifier: Apache-2.0
// A link as the redirect uses it: everything that can be read and checked once was, when the link
// entered the cache.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/final_url.hpp"
#include "store/link_targets.hpp"
#include "store/links.hpp"

namespace hw {

struct PreparedVariant : TestVariant {
    std::string tag;  // names the variant in a visitor's cookie
};

// Destinations are good ones or empty: what cannot be a destination is not sent to anybody.
struct PreparedLink : Link {
    bool plain = true;  // no rule but its url says where visitors go
    TargetKind kind = TargetKind::Plain;
    std::vector<GeoTarget> geo_targets;
    std::vector<PreparedVariant> variants;
};

std::shared_ptr<const PreparedLink> prepare_link(Link&& link);

// What it takes in memory, roughly.
std::size_t bytes_of(const PreparedLink& link);

}  // namespace hw
