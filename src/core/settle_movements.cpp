// SPDX-License-Identifier: Apache-2.0
#include "core/settle_movements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "base/fault.hpp"
#include "core/record_mrr.hpp"
#include "core/settle_commission.hpp"
#include "store/payment_bookings.hpp"

namespace hw {
namespace {

constexpr std::string_view kBegin = "mrr:";

// What is booked under one key: for each customer, because who it was may be told later.
struct Booked {
    std::int64_t count = 0;
    std::map<std::string, std::int64_t> sums;
};

std::map<std::string, Booked> booked_of(Tx& tx, std::string_view provider,
                                        const std::string& subscription_id) {
    std::map<std::string, Booked> all;
    const auto begin = fmt::format("{}sub:{}:", kBegin, subscription_id);
    for (const auto& row : list_payment_bookings(tx, provider, begin)) {
        auto& booked = all[row.key.substr(kBegin.size())];
        booked.count = row.seq;
        booked.sums[row.told] += row.amount;
    }
    return all;
}

std::string customer_key(const ProjectedMovement& movement) {
    return movement.external_id.empty() ? movement.customer_id : movement.external_id;
}

std::optional<std::string> conversion_of(Tx& tx, const ProjectedMovement& movement,
                                         const PaymentProjection& projection) {
    const auto payment =
        std::ranges::find(projection.payments, movement.payment_key, &ProjectedPayment::key);
    if (movement.payment_key.empty() || payment == projection.payments.end()) return std::nullopt;
    return conversion_of_payment(tx, invoice_alias(payment->ids.front()));
}

Result<void> book(Tx& tx, std::string_view provider, const std::string& key, Booked& booked,
                  MrrMovement movement) {
    if (movement.delta == 0) return {};
    ++booked.count;
    booked.sums[movement.customer_key] += movement.delta;
    movement.movement_key = booked.count == 1 ? key : fmt::format("{}#{}", key, booked.count);
    HW_TRY(record_mrr(tx, movement));
    insert_payment_booking(tx, provider,
                           {.key = std::string(kBegin) + key,
                            .seq = booked.count,
                            .amount = movement.delta,
                            .currency = movement.currency,
                            .told = movement.customer_key,
                            .conversion_id = movement.conversion_id.value_or("")});
    return {};
}

// All of it goes back, from whoever had it.
Result<void> take_back(Tx& tx, std::string_view provider, const std::string& key, Booked& booked,
                       std::string_view but_of) {
    const auto first = find_mrr_movement(tx, key);
    HW_ASSERT(first);
    const auto sums = booked.sums;
    for (const auto& [customer, sum] : sums) {
        if (customer == but_of) continue;
        auto back = *first;
        back.customer_key = customer;
        back.delta = -sum;
        HW_CHECK(book(tx, provider, key, booked, std::move(back)));
    }
    return {};
}

}  // namespace

Result<void> settle_movements(Tx& tx, std::string_view provider, const std::string& subscription_id,
                              const PaymentProjection& projection) {
    auto booked = booked_of(tx, provider, subscription_id);
    std::vector<std::string> standing;
    for (const auto& movement : projection.movements) {
        if (movement.subscription_id != subscription_id) continue;
        standing.push_back(movement.key);
        auto& here = booked[movement.key];
        const auto customer = customer_key(movement);
        if (here.count > 0) HW_CHECK(take_back(tx, provider, movement.key, here, customer));
        HW_CHECK(book(tx, provider, movement.key, here,
                      {.movement_key = {},
                       .subscription_id = subscription_id,
                       .customer_key = customer,
                       .delta = movement.delta - here.sums[customer],
                       .currency = movement.currency,
                       .at_ms = movement.at_ms,
                       .source = std::string(provider),
                       .conversion_id = conversion_of(tx, movement, projection),
                       .test = movement.test}));
    }
    for (auto& [key, here] : booked) {
        if (std::ranges::find(standing, key) != standing.end()) continue;
        HW_CHECK(take_back(tx, provider, key, here, "\n"));
    }
    return {};
}

}  // namespace hw
