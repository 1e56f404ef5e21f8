// SPDX-License-Identifier: Apache-2.0
#include "store/customers.hpp"

#include "base/ascii.hpp"

namespace hw {
namespace {

const Query kInsertCustomer{"insert_customer", R"sql(
insert into customers (workspace_id, customer_id, external_id, name, email, avatar, country,
    touch_id, link_id, clicked_at_ms, created_at_ms, stripe_customer_id,
    subscription_canceled_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict do nothing returning 1
)sql"};

const Query kFindCustomer{"find_customer", R"sql(
select workspace_id, customer_id, external_id, name, email, avatar, country, touch_id, link_id,
    clicked_at_ms, created_at_ms, stripe_customer_id, subscription_canceled_at_ms
from customers where workspace_id = $1 and customer_id = $2
)sql"};

const Query kFindCustomerByExternalId{"find_customer_by_external_id", R"sql(
select workspace_id, customer_id, external_id, name, email, avatar, country, touch_id, link_id,
    clicked_at_ms, created_at_ms, stripe_customer_id, subscription_canceled_at_ms
from customers where workspace_id = $1 and external_id = $2
)sql"};

const Query kFindCustomerByStripeId{"find_customer_by_stripe_id", R"sql(
select workspace_id, customer_id, external_id, name, email, avatar, country, touch_id, link_id,
    clicked_at_ms, created_at_ms, stripe_customer_id, subscription_canceled_at_ms
from customers where workspace_id = $1 and stripe_customer_id = $2
)sql"};

const Query kFindCustomersByEmail{"find_customers_by_email", R"sql(
select workspace_id, customer_id, external_id, name, email, avatar, country, touch_id, link_id,
    clicked_at_ms, created_at_ms, stripe_customer_id, subscription_canceled_at_ms
from customers
where workspace_id = $1 and lower(email) = $2 and email is not null limit 2
)sql"};

const Query kSetStripeIdOnce{"set_stripe_id_once", R"sql(
update customers set stripe_customer_id = $3
where workspace_id = $1 and customer_id = $2 and stripe_customer_id is null and not exists (
    select 1 from customers o where o.workspace_id = $1 and o.stripe_customer_id = $3)
)sql"};

const Query kSetOriginOnce{"set_origin_once", R"sql(
update customers set link_id = $3, touch_id = $4, clicked_at_ms = $5,
    country = coalesce(country, cast($6 as text))
where workspace_id = $1 and customer_id = $2 and link_id is null
)sql"};

// Sales that were told before their customer was known are found by their later decisions.
const Query kRecountCustomer{"recount_customer", R"sql(
insert into customer_totals as t (workspace_id, customer_id, sales, sale_amount, first_sale_at_ms)
select cast($1 as text), cast($2 as text), count(*),
    cast(coalesce(sum(coalesce(c.converted_amount, 0)), 0) as bigint),
    coalesce(min(c.occurred_at_ms), 0)
from (
    select conversion_id from conversions
    where workspace_id = $1 and customer_id = $2 and kind = 'purchase'
    union
    select conversion_id from attributions
    where workspace_id = $1 and customer_id = $2 and seq > 1) s
    join conversions c on c.workspace_id = $1 and c.conversion_id = s.conversion_id
    join attributions a on a.workspace_id = $1 and a.conversion_id = s.conversion_id
where c.kind = 'purchase' and a.customer_id = $2 and a.link_id is not null and a.seq = (
    select max(n.seq) from attributions n
    where n.workspace_id = $1 and n.conversion_id = s.conversion_id)
on conflict (workspace_id, customer_id) do update set sales = excluded.sales,
    sale_amount = excluded.sale_amount, first_sale_at_ms = excluded.first_sale_at_ms
)sql"};

const Query kDeleteEmptyTotals{"delete_empty_customer_totals", R"sql(
delete from customer_totals where workspace_id = $1 and customer_id = $2 and sales = 0
)sql"};

const Query kSetCustomerAvatar{"set_customer_avatar", R"sql(
update customers set avatar = $3 where workspace_id = $1 and customer_id = $2
)sql"};

const Query kAddCustomerSale{"add_customer_sale", R"sql(
insert into customer_totals as t (workspace_id, customer_id, sales, sale_amount, first_sale_at_ms)
values ($1, $2, 1, $3, $4)
on conflict (workspace_id, customer_id) do update set
    sales = t.sales + 1,
    sale_amount = t.sale_amount + excluded.sale_amount,
    first_sale_at_ms = case when excluded.first_sale_at_ms < t.first_sale_at_ms
        then excluded.first_sale_at_ms else t.first_sale_at_ms end
)sql"};

const Query kCustomerTotals{"customer_totals", R"sql(
select sales, sale_amount, first_sale_at_ms from customer_totals
where workspace_id = $1 and customer_id = $2
)sql"};

const Query kClaimFirstSale{"claim_first_sale", R"sql(
insert into customer_links (workspace_id, customer_id, link_id, conversion_id)
values ($1, $2, $3, $4) on conflict do nothing returning 1
)sql"};

const Query kIsFirstSale{"is_first_sale", R"sql(
select 1 from customer_links
where workspace_id = $1 and customer_id = $2 and link_id = $3 and conversion_id = $4
)sql"};

// Sales that were told before their customer was known are found by their later decisions.
const Query kOldestSaleOnLink{"oldest_sale_on_link", R"sql(
select s.conversion_id, c.occurred_at_ms from (
    select conversion_id from conversions
    where workspace_id = $1 and customer_id = $2 and kind = 'purchase'
    union
    select conversion_id from attributions
    where workspace_id = $1 and customer_id = $2 and seq > 1) s
    join conversions c on c.workspace_id = $1 and c.conversion_id = s.conversion_id
    join attributions a on a.workspace_id = $1 and a.conversion_id = s.conversion_id
where c.kind = 'purchase' and a.customer_id = $2 and a.link_id = $3 and a.seq = (
    select max(n.seq) from attributions n
    where n.workspace_id = $1 and n.conversion_id = s.conversion_id)
order by s.conversion_id limit 1
)sql"};

const Query kSetFirstSale{"set_first_sale", R"sql(
update customer_links set conversion_id = $4
where workspace_id = $1 and customer_id = $2 and link_id = $3
)sql"};

const Query kDeleteFirstSale{"delete_first_sale", R"sql(
delete from customer_links where workspace_id = $1 and customer_id = $2 and link_id = $3
)sql"};

const Query kPutAvatar{"put_avatar", R"sql(
insert into avatars (workspace_id, customer_id, content_type, image) values ($1, $2, $3, $4)
on conflict (workspace_id, customer_id)
do update set content_type = excluded.content_type, image = excluded.image
)sql"};

const Query kFindAvatar{"find_avatar", R"sql(
select content_type, image from avatars where workspace_id = $1 and customer_id = $2
)sql"};

}  // namespace

Customer customer_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .customer_id = row.text(1),
            .external_id = row.text(2),
            .name = row.text(3),
            .email = row.optional_text(4),
            .avatar = row.optional_text(5),
            .country = row.optional_text(6),
            .touch_id = row.optional_text(7),
            .link_id = row.optional_text(8),
            .clicked_at_ms = row.optional_int64(9),
            .created_at_ms = row.int64(10),
            .stripe_customer_id = row.optional_text(11),
            .subscription_canceled_at_ms = row.optional_int64(12)};
}

bool insert_customer(Tx& tx, const Customer& c) {
    return tx.any(kInsertCustomer, c.workspace_id, c.customer_id, c.external_id, c.name, c.email,
                  c.avatar, c.country, c.touch_id, c.link_id, c.clicked_at_ms, c.created_at_ms,
                  c.stripe_customer_id, c.subscription_canceled_at_ms);
}

void set_customer_avatar(Tx& tx, std::string_view workspace_id, std::string_view customer_id,
                         std::optional<std::string_view> avatar) {
    tx.exec(kSetCustomerAvatar, workspace_id, customer_id, avatar);
}

std::optional<Customer> find_customer(Tx& tx, std::string_view workspace_id,
                                      std::string_view customer_id) {
    return tx.first(kFindCustomer, customer_from, workspace_id, customer_id);
}

std::optional<Customer> find_customer_by_external_id(Tx& tx, std::string_view workspace_id,
                                                     std::string_view external_id) {
    return tx.first(kFindCustomerByExternalId, customer_from, workspace_id, external_id);
}

std::optional<Customer> find_customer_by_stripe_id(Tx& tx, std::string_view workspace_id,
                                                   std::string_view stripe_customer_id) {
    return tx.first(kFindCustomerByStripeId, customer_from, workspace_id, stripe_customer_id);
}

std::optional<Customer> find_only_customer_by_email(Tx& tx, std::string_view workspace_id,
                                                    std::string_view email) {
    auto found = tx.all(kFindCustomersByEmail, customer_from, workspace_id, ascii_lower(email));
    return found.size() == 1 ? std::optional(std::move(found.front())) : std::nullopt;
}

void set_stripe_id_once(Tx& tx, const Customer& customer, std::string_view stripe_customer_id) {
    tx.exec(kSetStripeIdOnce, customer.workspace_id, customer.customer_id, stripe_customer_id);
}

void set_origin_once(Tx& tx, const Customer& customer) {
    tx.exec(kSetOriginOnce, customer.workspace_id, customer.customer_id, customer.link_id,
            customer.touch_id, customer.clicked_at_ms, customer.country);
}

void recount_customer(Tx& tx, const Customer& customer) {
    tx.exec(kRecountCustomer, customer.workspace_id, customer.customer_id);
    tx.exec(kDeleteEmptyTotals, customer.workspace_id, customer.customer_id);
}

void add_customer_sale(Tx& tx, const Customer& customer, std::int64_t amount, std::int64_t at_ms) {
    tx.exec(kAddCustomerSale, customer.workspace_id, customer.customer_id, amount, at_ms);
}

CustomerTotals customer_totals(Tx& tx, std::string_view workspace_id,
                               std::string_view customer_id) {
    const auto totals = tx.first(
        kCustomerTotals,
        [](const Row& row) { return CustomerTotals{row.int64(0), row.int64(1), row.int64(2)}; },
        workspace_id, customer_id);
    return totals.value_or(CustomerTotals{});
}

bool claim_first_sale(Tx& tx, const Customer& customer, std::string_view link_id,
                      std::string_view conversion_id) {
    return tx.any(kClaimFirstSale, customer.workspace_id, customer.customer_id, link_id,
                  conversion_id);
}

bool is_first_sale(Tx& tx, const Customer& customer, std::string_view link_id,
                   std::string_view conversion_id) {
    return tx.any(kIsFirstSale, customer.workspace_id, customer.customer_id, link_id,
                  conversion_id);
}

std::optional<std::int64_t> replace_first_sale(Tx& tx, const Customer& customer,
                                               std::string_view link_id) {
    const auto next = tx.first(
        kOldestSaleOnLink, [](const Row& row) { return std::pair(row.text(0), row.int64(1)); },
        customer.workspace_id, customer.customer_id, link_id);
    if (!next) {
        tx.exec(kDeleteFirstSale, customer.workspace_id, customer.customer_id, link_id);
        return std::nullopt;
    }
    tx.exec(kSetFirstSale, customer.workspace_id, customer.customer_id, link_id, next->first);
    return next->second;
}

void put_avatar(Tx& tx, std::string_view workspace_id, std::string_view customer_id,
                const Avatar& avatar) {
    tx.exec(kPutAvatar, workspace_id, customer_id, avatar.content_type, Param::Bytes{avatar.image});
}

std::optional<Avatar> find_avatar(Tx& tx, std::string_view workspace_id,
                                  std::string_view customer_id) {
    return tx.first(
        kFindAvatar, [](const Row& row) { return Avatar{row.text(0), row.bytes(1)}; }, workspace_id,
        customer_id);
}

}  // namespace hw
