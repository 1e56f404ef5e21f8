// SPDX-License-Identifier: Apache-2.0
#include "core/top_links.hpp"

#include <algorithm>

namespace hw {

bool TopLinks::less(const ValueCounts& a, const ValueCounts& b) const {
    const auto left = weight_of(a.counts, counting_);
    const auto right = weight_of(b.counts, counting_);
    return left != right ? left < right : a.value > b.value;
}

void TopLinks::add(const ValueCounts& sum) {
    ValueCounts counted{sum.value, counted_of(sum.counts, counting_)};
    if (counted.counts == RollupCounts{}) return;
    if (least_ && less(counted, *least_)) return;
    kept_.push_back(std::move(counted));
    if (kept_.size() >= 2 * at_most_) keep_the_greatest();
}

void TopLinks::keep_the_greatest() {
    std::vector<std::string> unknown;
    for (auto i = known_; i < kept_.size(); ++i) unknown.push_back(kept_[i].value);
    std::ranges::sort(unknown);
    const auto existing = list_existing_links(tx_, unknown);
    const auto from = kept_.begin() + static_cast<std::ptrdiff_t>(known_);
    const auto gone = std::remove_if(from, kept_.end(), [&](const ValueCounts& one) {
        return !std::ranges::binary_search(existing, one.value);
    });
    kept_.erase(gone, kept_.end());
    std::ranges::sort(kept_,
                      [&](const ValueCounts& a, const ValueCounts& b) { return less(b, a); });
    if (kept_.size() >= at_most_) {
        kept_.resize(at_most_);
        least_ = kept_.back();
    }
    known_ = kept_.size();
}

std::vector<Tally::Group> TopLinks::take() {
    keep_the_greatest();
    std::vector<Tally::Group> groups;
    groups.reserve(kept_.size());
    for (auto& one : kept_) groups.push_back({{std::move(one.value)}, one.counts});
    kept_.clear();
    return groups;
}

}  // namespace hw
