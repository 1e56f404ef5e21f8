// SPDX-License-Identifier: Apache-2.0
// Monthly recurring revenue: what customers pay per month now, and how it came about. What kind of
// movement a change is follows from the customer's changes before it, in the order of their time
// (reference: payments, 4.3, column "ours").
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

enum class MrrKind : std::uint8_t { New, Expansion, Contraction, Churn, Reactivation };
inline constexpr std::array kMrrKindNames{"new", "expansion", "contraction", "churn",
                                          "reactivation"};

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

// The kind of one change of a customer's sum in one currency; nothing when it changes nothing.
// Within an hour of the customer's first payment a change is still part of it.
struct MrrStep {
    std::int64_t before = 0;
    std::int64_t after = 0;
    bool paid_before = false;            // at any time
    std::optional<MrrKind> open_kind{};  // new or reactivation that began less than an hour ago
};
std::optional<MrrKind> mrr_kind(const MrrStep& step);

}  // namespace hw
