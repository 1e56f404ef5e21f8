// SPDX-License-Identifier: Apache-2.0
// Sums up movements of recurring revenue. What kind of movement a change is follows from the
// customer's changes before it, in the order of their time (reference: payments, 4.3, column
// "ours"), so a late one may change what those behind it were.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "store/mrr_movements.hpp"
#include "store/mrr_sums.hpp"

namespace hw {

enum class MrrKind : std::uint8_t { New, Expansion, Contraction, Churn, Reactivation };
inline constexpr std::array kMrrKindNames{"new", "expansion", "contraction", "churn",
                                          "reactivation"};

// The kind of one change of a customer's sum in one currency; nothing when it changes nothing.
// Within an hour of the customer's first payment a change is still part of it.
struct MrrStep {
    std::int64_t before = 0;
    std::int64_t after = 0;
    bool paid_before = false;            // at any time
    std::optional<MrrKind> open_kind{};  // new or reactivation that began less than an hour ago
};
std::optional<MrrKind> mrr_kind(const MrrStep& step);

// Movements go in by customer, then time, then key.
class MrrBook {
  public:
    void add(const MrrMovement& movement);
    MrrSums take();

  private:
    // Of one customer in one currency, as its movements pass by.
    struct Running {
        std::int64_t sum = 0;
        bool paid_before = false;
        std::optional<MrrKind> open_kind{};
        std::int64_t open_until_ms = 0;
    };

    void step(Running& running, const MrrMovement& movement);
    void count(MrrKind kind, const MrrMovement& movement);
    void close_customer();

    MrrSums sums_;
    std::string customer_;
    std::map<std::string, Running> running_;
};

// Of all movements there are, and of one customer's.
MrrSums sum_mrr(Tx& tx, bool test);
MrrSums sum_mrr_of_customer(Tx& tx, std::string_view customer_key, bool test);

}  // namespace hw
