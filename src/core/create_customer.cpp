// SPDX-License-Identifier: Apache-2.0
#include "core/create_customer.hpp"

#include "base/fault.hpp"
#include "base/random_name.hpp"
#include "store/jobs.hpp"

namespace hw {
namespace {

std::optional<std::string> not_empty(const std::optional<std::string>& text) {
    return text && !text->empty() ? text : std::nullopt;
}

void set_origin(Customer& customer, const Link& link, const Touch* touch) {
    customer.link_id = link.link_id;
    if (touch == nullptr) return;
    if (!customer.country && touch->country != "Unknown") customer.country = touch->country;
    customer.touch_id = touch->touch_id;
    customer.clicked_at_ms = touch->at_ms;
}

}  // namespace

Customer adopt_origin(Tx& tx, Customer customer, const Link& link, const Touch* touch) {
    if (customer.link_id) return customer;
    set_origin(customer, link, touch);
    set_origin_once(tx, customer);
    return customer;
}

Customer create_customer(Tx& tx, const NewCustomer& input, const Link* link, const Touch* touch) {
    Customer customer;
    customer.workspace_id = tx.workspace_id();
    customer.customer_id = tx.new_id("cus_");
    customer.external_id = input.external_id;
    customer.email = not_empty(input.email);
    customer.name = not_empty(input.name).value_or(customer.email.value_or(""));
    if (customer.name.empty()) customer.name = random_name(tx.env());
    customer.avatar = not_empty(input.avatar);
    if (link != nullptr) set_origin(customer, *link, touch);
    customer.created_at_ms = tx.now_ms();
    if (!insert_customer(tx, customer)) {
        // Another transaction has just made this customer: run again and find who it is, because
        // what a known customer does is attributed by other rules.
        throw Fault(FaultKind::Retryable, "customer made meanwhile");
    }
    if (customer.avatar) {
        insert_job(tx, {.kind = std::string(kCopyAvatarJob),
                        .subject_id = customer.customer_id,
                        .payload = *customer.avatar});
    }
    return customer;
}

}  // namespace hw
