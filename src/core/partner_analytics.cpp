// SPDX-License-Identifier: Apache-2.0
#include "core/partner_analytics.hpp"

#include <algorithm>

#include "store/partner_dues.hpp"

namespace hw {
namespace {

void add(PartnerAnalytics& out, const PartnerEarning& earning) {
    out.earnings += earning.earnings;
    if (earning.link_id) out.link_earnings[*earning.link_id] += earning.earnings;
    const auto& buckets = out.found.buckets;
    const auto after =
        std::ranges::upper_bound(buckets, earning.at_ms, {}, &AnalyticsBucket::start_ms);
    if (after == buckets.begin()) return;
    const auto index = static_cast<std::size_t>(after - buckets.begin()) - 1;
    out.bucket_earnings[index] += earning.earnings;
}

}  // namespace

Result<PartnerAnalytics> partner_analytics(Tx& tx, const PartnerReference& reference,
                                           GetAnalytics input) {
    const auto enrollment = HW_TRY(find_enrolled(tx, reference));
    input.counting = Counting::Composite;
    input.filter.fields.push_back(parse_field_filter(Field::PartnerId, enrollment.partner_id));
    // Where "all" begins does not matter for what there is none of.
    const auto range = HW_TRY(read_range(input.range, tx.now_ms(), 0));
    PartnerAnalytics out;
    out.found = HW_TRY(get_analytics(tx, input));
    out.bucket_earnings.resize(out.found.buckets.size());
    each_earning(tx, enrollment.partner_id, range.from_ms, range.to_ms,
                 [&](const PartnerEarning& earning) { add(out, earning); });
    return out;
}

}  // namespace hw
