// SPDX-License-Identifier: Apache-2.0
// What was told to the books for payments that processors told of. Rows of one key add up, so that
// only the difference is ever booked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct PaymentBooking {
    std::string key;  // sale:<payment>, mrr:<movement>
    std::int64_t seq = 0;
    std::int64_t amount = 0;
    std::string currency{};
    std::string told{};
    std::string conversion_id{};
};

// Those whose key begins so, by key and number. The last character of `begin` is no "\x7f".
std::vector<PaymentBooking> list_payment_bookings(Tx& tx, std::string_view provider,
                                                  std::string_view begin);

void insert_payment_booking(Tx& tx, std::string_view provider, const PaymentBooking& booking);

}  // namespace hw
