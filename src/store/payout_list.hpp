// SPDX-License-Identifier: Apache-2.0
// The payouts of a programme as a list.
#pragma once

#include "store/payouts.hpp"

namespace hw {

enum class PayoutOrder : std::uint8_t { Amount, InitiatedAt, PaidAt };

// Empty texts mean "no such filter".
struct PayoutFilter {
    std::string program_id;
    std::string status;
    std::string partner_id;
    std::string group_id;
    PayoutOrder order = PayoutOrder::Amount;
    bool descending = true;
    std::int64_t limit = 100;
    std::int64_t offset = 0;
};

struct ListedPayout {
    Payout payout;
    PayoutStep step;                              // that stands
    std::optional<std::int64_t> initiated_at_ms;  // when it was first on its way
    std::optional<std::int64_t> paid_at_ms;       // when it was completed
};
std::vector<ListedPayout> list_payouts(Tx& tx, const PayoutFilter& filter);
// The same ones after that id, by id, at most `limit`: an order in which none is left out while
// others change. `order`, `descending` and `offset` do not count.
std::vector<ListedPayout> list_payouts_after(Tx& tx, const PayoutFilter& filter,
                                             std::string_view after_id);
std::optional<ListedPayout> find_listed_payout(Tx& tx, std::string_view payout_id);

}  // namespace hw
