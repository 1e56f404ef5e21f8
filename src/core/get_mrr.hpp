// SPDX-License-Identifier: Apache-2.0
// Monthly recurring revenue: what customers pay per month now, and how it came about.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mrr_book.hpp"
#include "store/tx.hpp"

namespace hw {

struct MrrMonth {
    std::string month;  // YYYY-MM, UTC
    std::string currency;
    std::array<std::int64_t, 5> amounts{};  // by MrrKind, signed
    std::array<std::int64_t, 5> counts{};
    std::int64_t net() const;
};

struct Mrr {
    std::map<std::string, std::int64_t> current;  // by currency; without those at 0
    // All of them at the latest rates; nothing when one of those is missing.
    std::optional<std::int64_t> current_converted;
    std::string reporting_currency;
    std::int64_t customers = 0;  // who pay now
    std::vector<MrrMonth> months;
    std::map<std::pair<std::string, std::string>, std::int64_t> by_source;  // source, currency
};

struct MrrQuery {
    bool test = false;  // of the test money instead
};

Mrr get_mrr(Tx& tx, const MrrQuery& query);

}  // namespace hw
