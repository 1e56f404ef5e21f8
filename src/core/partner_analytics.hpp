// SPDX-License-Identifier: Apache-2.0
// GET /partners/analytics: what a partner's links did in a range of time, with what the partner
// earned then.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/get_analytics.hpp"
#include "core/partner_links.hpp"

namespace hw {

struct PartnerAnalytics {
    Analytics found;
    std::int64_t earnings = 0;                  // of all
    std::vector<std::int64_t> bucket_earnings;  // of a series, like its buckets
    std::map<std::string, std::int64_t, std::less<>> link_earnings;
};

// `input.filter` is completed here.
Result<PartnerAnalytics> partner_analytics(Tx& tx, const PartnerReference& reference,
                                           GetAnalytics input);

}  // namespace hw
