// SPDX-License-Identifier: Apache-2.0
#include "store/payment_bookings.hpp"

namespace hw {
namespace {

const Query kFindBooking{"find_payment_booking", R"sql(
select amount, told, conversion_id from payment_bookings
where workspace_id = $1 and provider = $2 and booking_key = $3 order by seq
)sql"};

const Query kInsertBooking{"insert_payment_booking", R"sql(
insert into payment_bookings (workspace_id, provider, booking_key, seq, amount, currency, told,
    conversion_id, at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

}  // namespace

PaymentBooking find_payment_booking(Tx& tx, std::string_view provider, std::string_view key) {
    PaymentBooking booking;
    tx.each(
        kFindBooking,
        [&](const Row& row) {
            ++booking.count;
            booking.amount += row.int64(0);
            booking.told = row.text(1);
            booking.conversion_id = row.text(2);
        },
        tx.workspace_id(), provider, key);
    return booking;
}

void insert_payment_booking(Tx& tx, std::string_view provider, const NewBooking& booking,
                            std::int64_t count) {
    tx.exec(kInsertBooking, tx.workspace_id(), provider, booking.key, count + 1, booking.amount,
            booking.currency, booking.told, booking.conversion_id, tx.now_ms());
}

}  // namespace hw
