// SPDX-License-Identifier: Apache-2.0
// What was told to the books for payments that processors told of. Rows of one key add up, so that
// only the difference is ever booked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

// The rows of a key together.
struct PaymentBooking {
    std::int64_t count = 0;
    std::int64_t amount = 0;    // their sum
    std::string told;           // of the last one
    std::string conversion_id;  // likewise; may be empty
};

PaymentBooking find_payment_booking(Tx& tx, std::string_view provider, std::string_view key);

struct NewBooking {
    std::string key;
    std::int64_t amount = 0;
    std::string currency{};
    std::string told{};
    std::string conversion_id{};
};
// Behind the `count` rows that there are.
void insert_payment_booking(Tx& tx, std::string_view provider, const NewBooking& booking,
                            std::int64_t count);

}  // namespace hw
