// SPDX-License-Identifier: Apache-2.0
#include "core/processor_events.hpp"

namespace hw {
namespace {

constexpr ProcessorEvent kEvents[] = {
    {"stripe", "checkout.session.completed", true},
    {"stripe", "checkout.session.async_payment_succeeded", true},
    {"stripe", "invoice.paid", true},
    {"stripe", "invoice_payment.paid"},
    {"stripe", "customer.updated"},
    {"stripe", "customer.subscription.created"},
    {"stripe", "customer.subscription.updated"},
    {"stripe", "customer.subscription.deleted"},
    {"stripe", "charge.refunded"},
    {"stripe", "refund.updated"},
    {"stripe", "charge.dispute.created"},
    {"stripe", "charge.dispute.closed"},
    {"lemon_squeezy", "order_created", true},
    {"lemon_squeezy", "order_refunded"},
    {"lemon_squeezy", "subscription_payment_success", true},
    {"lemon_squeezy", "subscription_payment_refunded"},
    {"lemon_squeezy", "subscription_created"},
    {"lemon_squeezy", "subscription_updated"},
    {"lemon_squeezy", "subscription_expired"},
    {"paddle", "transaction.completed", true},
    {"paddle", "adjustment.created"},
    {"paddle", "adjustment.updated"},
    {"paddle", "subscription.created"},
    {"paddle", "subscription.updated"},
    {"paddle", "subscription.canceled"},
    {"polar", "order.paid", true},
    {"polar", "order.refunded"},
    {"polar", "subscription.created"},
    {"polar", "subscription.updated"},
    {"polar", "subscription.revoked"},
    {"shopify", "orders/paid", true},
    {"shopify", "refunds/create"},
};

}  // namespace

std::span<const ProcessorEvent> processor_events() {
    return kEvents;
}

}  // namespace hw
