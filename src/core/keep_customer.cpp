// SPDX-License-Identifier: Apache-2.0
#include "core/keep_customer.hpp"

#include "base/fault.hpp"
#include "base/random_name.hpp"
#include "core/create_customer.hpp"
#include "store/jobs.hpp"

namespace hw {
namespace {

Result<Customer> find_referenced(Tx& tx, std::string_view reference) {
    constexpr std::string_view kExternalIdPrefix = "ext_";
    auto found = reference.starts_with(kExternalIdPrefix)
                     ? find_customer_by_external_id(tx, tx.workspace_id(),
                                                    reference.substr(kExternalIdPrefix.size()))
                     : find_customer(tx, tx.workspace_id(), reference);
    if (found) return std::move(*found);
    return fail(ErrorCode::NotFound,
                "Customer not found. Make sure you're using the correct customer ID (e.g. "
                "`cus_3TagGjzRzmsFJdH8od2BNCsc`) or external ID (has to be prefixed with `ext_`).",
                "customer_not_found");
}

CustomerWithTotals with_totals(Tx& tx, Customer customer) {
    const auto totals = customer_totals(tx, tx.workspace_id(), customer.customer_id);
    return {std::move(customer), totals};
}

Result<void> check_free(Tx& tx, const Customer& customer) {
    const auto same = find_customer_by_external_id(tx, tx.workspace_id(), customer.external_id);
    if (same && same->customer_id != customer.customer_id) {
        return fail(ErrorCode::Conflict, "A customer with this external ID already exists.",
                    "external_id_taken");
    }
    if (customer.stripe_customer_id &&
        is_stripe_customer_taken(tx, *customer.stripe_customer_id, customer.customer_id)) {
        return fail(ErrorCode::Conflict, "A customer with this Stripe customer ID already exists.",
                    "stripe_customer_id_taken");
    }
    return {};
}

void apply(const CustomerFields& fields, Customer& customer) {
    if (fields.external_id) customer.external_id = *fields.external_id;
    if (fields.name && !fields.name->empty()) customer.name = *fields.name;
    if (fields.email) customer.email = *fields.email;
    if (fields.avatar) customer.avatar = *fields.avatar;
    if (fields.country) customer.country = *fields.country;
    if (fields.stripe_customer_id) customer.stripe_customer_id = *fields.stripe_customer_id;
}

void copy_avatar_later(Tx& tx, const Customer& customer) {
    if (!customer.avatar) return;
    insert_job(tx, {.kind = std::string(kCopyAvatarJob),
                    .subject_id = customer.customer_id,
                    .payload = *customer.avatar});
}

}  // namespace

Result<CustomerWithTotals> get_customer(Tx& tx, std::string_view reference) {
    return with_totals(tx, HW_TRY(find_referenced(tx, reference)));
}

Result<CustomerWithTotals> add_customer(Tx& tx, const CustomerFields& fields) {
    HW_ASSERT(fields.external_id.has_value());
    Customer customer;
    customer.workspace_id = tx.workspace_id();
    customer.customer_id = tx.new_id("cus_");
    customer.created_at_ms = tx.now_ms();
    apply(fields, customer);
    if (customer.name.empty()) customer.name = customer.email.value_or("");
    if (customer.name.empty()) customer.name = random_name(tx.env());
    HW_CHECK(check_free(tx, customer));
    if (!insert_customer(tx, customer)) {
        throw Fault(FaultKind::Retryable, "customer made meanwhile");
    }
    copy_avatar_later(tx, customer);
    return CustomerWithTotals{std::move(customer), {}};
}

Result<CustomerWithTotals> change_customer(Tx& tx, std::string_view reference,
                                           const CustomerFields& fields) {
    auto customer = HW_TRY(find_referenced(tx, reference));
    const auto avatar_before = customer.avatar;
    apply(fields, customer);
    HW_CHECK(check_free(tx, customer));
    update_customer(tx, customer);
    if (customer.avatar != avatar_before) copy_avatar_later(tx, customer);
    return with_totals(tx, std::move(customer));
}

Result<std::string> remove_customer(Tx& tx, std::string_view reference) {
    const auto customer = HW_TRY(find_referenced(tx, reference));
    delete_customer(tx, customer);
    return customer.customer_id;
}

}  // namespace hw
