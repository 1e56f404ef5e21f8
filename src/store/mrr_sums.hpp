// SPDX-License-Identifier: Apache-2.0
// What the movements of recurring revenue add up to: derived, and kept with every movement, so that
// nobody has to walk all of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "store/tx.hpp"

namespace hw {

struct MrrMonthSum {
    std::int64_t amount = 0;
    std::int64_t movements = 0;
    bool operator==(const MrrMonthSum&) const = default;
};

struct MrrSums {
    std::int64_t customers = 0;  // who pay now
    // By month (YYYY-MM), currency and kind; without those at 0.
    std::map<std::tuple<std::string, std::string, std::int64_t>, MrrMonthSum> months;
    std::map<std::pair<std::string, std::string>, std::int64_t> sources;  // source, currency

    void add(const MrrSums& other, std::int64_t sign = 1);
    bool operator==(const MrrSums&) const = default;
};

// Nothing for a workspace whose movements nobody has summed up yet.
std::optional<MrrSums> find_mrr_sums(Tx& tx, bool test);

bool has_mrr_sums(Tx& tx, bool test);

// Adds to what is there, and makes it what it is when nothing is.
void add_mrr_sums(Tx& tx, bool test, const MrrSums& added);

}  // namespace hw
