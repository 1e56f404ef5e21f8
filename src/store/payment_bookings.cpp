// SPDX-License-Identifier: Apache-2.0
#include "store/payment_bookings.hpp"

namespace hw {
namespace {

const Query kListBookings{"list_payment_bookings", R"sql(
select booking_key, seq, amount, currency, told, conversion_id from payment_bookings
where workspace_id = $1 and provider = $2 and booking_key >= $3 and booking_key < $4
order by booking_key, seq
)sql"};

const Query kInsertBooking{"insert_payment_booking", R"sql(
insert into payment_bookings (workspace_id, provider, booking_key, seq, amount, currency, told,
    conversion_id, at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

}  // namespace

std::vector<PaymentBooking> list_payment_bookings(Tx& tx, std::string_view provider,
                                                  std::string_view begin) {
    std::string end(begin);
    end.back() = static_cast<char>(end.back() + 1);
    return tx.all(
        kListBookings,
        [](const Row& row) {
            return PaymentBooking{.key = row.text(0),
                                  .seq = row.int64(1),
                                  .amount = row.int64(2),
                                  .currency = row.text(3),
                                  .told = row.text(4),
                                  .conversion_id = row.text(5)};
        },
        tx.workspace_id(), provider, begin, end);
}

void insert_payment_booking(Tx& tx, std::string_view provider, const PaymentBooking& booking) {
    tx.exec(kInsertBooking, tx.workspace_id(), provider, booking.key, booking.seq, booking.amount,
            booking.currency, booking.told, booking.conversion_id, tx.now_ms());
}

}  // namespace hw
