// SPDX-License-Identifier: Apache-2.0
// The links that earned most, out of any number of them: keeps few at a time, and asks of few
// whether they are still there.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/tally.hpp"
#include "store/analytics.hpp"

namespace hw {

class TopLinks {
  public:
    TopLinks(Tx& tx, Counting counting, std::size_t at_most)
        : tx_(tx), counting_(counting), at_most_(at_most) {}

    // Each link once, in the order of their ids.
    void add(const ValueCounts& sum);

    // The greatest first, equals in the order of their ids; none that was deleted.
    std::vector<Tally::Group> take();

  private:
    bool less(const ValueCounts& a, const ValueCounts& b) const;
    void keep_the_greatest();

    Tx& tx_;
    Counting counting_;
    std::size_t at_most_;
    std::vector<ValueCounts> kept_;
    std::size_t known_ = 0;             // the first of kept_ are links that exist
    std::optional<ValueCounts> least_;  // what has to be beaten, once there are enough
};

}  // namespace hw
