// SPDX-License-Identifier: Apache-2.0
#include "store/customer_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "store/like_pattern.hpp"

namespace hw {
namespace {

// `key` is what the list is ordered by.
std::string list_sql(std::string_view key, std::string_view direction, char past) {
    return fmt::format(R"sql(
select c.workspace_id, c.customer_id, c.external_id, c.name, c.email, c.avatar, c.country,
    c.touch_id, c.link_id, c.clicked_at_ms, c.created_at_ms, c.stripe_customer_id,
    c.subscription_canceled_at_ms, coalesce(t.sales, 0), coalesce(t.sale_amount, 0),
    coalesce(t.first_sale_at_ms, 0)
from customers c
    left join customer_totals t on t.workspace_id = c.workspace_id
        and t.customer_id = c.customer_id
where c.workspace_id = $1 and ($2 = '' or c.email = $2) and ($3 = '' or c.external_id = $3)
    and ($4 = '' or lower(c.name) like $4 escape '\' or lower(c.email) like $4 escape '\'
        or lower(c.external_id) like $4 escape '\')
    and ($5 = '' or c.country = $5) and ($6 = '' or c.link_id = $6)
    and (($7 = '' and $8 = '') or exists (select 1 from links l
        where l.workspace_id = c.workspace_id and l.link_id = c.link_id
            and ($7 = '' or l.program_id = $7) and ($8 = '' or l.partner_id = $8)))
    and c.customer_id {2} $9
order by {0} {1}, c.customer_id {1} limit $10 offset $11
)sql",
                       key, direction, past);
}

constexpr auto kAboveEveryId = "\U0010FFFF";  // texts compare by their bytes

std::string up(std::string_view key) {
    return list_sql(key, "", '>');
}
std::string down(std::string_view key) {
    return list_sql(key, "desc", '<');
}

// By CustomerOrder; first upwards, then downwards.
const std::array<Query, 8> kListCustomers{{
    {"list_customers_created_up", up("c.customer_id")},
    {"list_customers_created_down", down("c.customer_id")},
    {"list_customers_amount_up", up("coalesce(t.sale_amount, 0)")},
    {"list_customers_amount_down", down("coalesce(t.sale_amount, 0)")},
    {"list_customers_first_sale_up", up("coalesce(t.first_sale_at_ms, 0)")},
    {"list_customers_first_sale_down", down("coalesce(t.first_sale_at_ms, 0)")},
    {"list_customers_canceled_up", up("coalesce(c.subscription_canceled_at_ms, 0)")},
    {"list_customers_canceled_down", down("coalesce(c.subscription_canceled_at_ms, 0)")},
}};

const Query kStripeCustomerTaken{"stripe_customer_taken", R"sql(
select 1 from customers
where workspace_id = $1 and stripe_customer_id = $2 and customer_id <> $3
)sql"};

const Query kUpdateCustomer{"update_customer", R"sql(
update customers set external_id = $3, name = $4, email = $5, avatar = $6, country = $7,
    stripe_customer_id = $8, subscription_canceled_at_ms = $9
where workspace_id = $1 and customer_id = $2
)sql"};

const Query kDeleteCustomer{"delete_customer", R"sql(
delete from customers where workspace_id = $1 and customer_id = $2
)sql"};

const Query kDeleteAvatar{"delete_avatar", R"sql(
delete from avatars where workspace_id = $1 and customer_id = $2
)sql"};

CustomerWithTotals listed_from(const Row& row) {
    return {.customer = customer_from(row),
            .totals = {.sales = row.int64(13),
                       .sale_amount = row.int64(14),
                       .first_sale_at_ms = row.int64(15)}};
}

}  // namespace

std::vector<CustomerWithTotals> list_customers(Tx& tx, const CustomerFilter& filter) {
    // The page before a cursor is read the other way round, so that the limit keeps the nearest.
    const bool backwards = !filter.before.empty();
    const bool descending = filter.descending != backwards;
    const auto index = static_cast<std::size_t>(filter.order) * 2 + (descending ? 1 : 0);
    const auto& cursor = backwards ? filter.before : filter.after;
    auto found =
        tx.all(kListCustomers[index], listed_from, tx.workspace_id(), filter.email,
               filter.external_id, like_pattern(filter.search), filter.country, filter.link_id,
               filter.program_id, filter.partner_id,
               cursor.empty() && descending ? kAboveEveryId : cursor, filter.limit, filter.offset);
    if (backwards) std::ranges::reverse(found);
    return found;
}

bool is_stripe_customer_taken(Tx& tx, std::string_view stripe_customer_id,
                              std::string_view except_customer_id) {
    return tx.any(kStripeCustomerTaken, tx.workspace_id(), stripe_customer_id, except_customer_id);
}

void update_customer(Tx& tx, const Customer& c) {
    tx.exec(kUpdateCustomer, c.workspace_id, c.customer_id, c.external_id, c.name, c.email,
            c.avatar, c.country, c.stripe_customer_id, c.subscription_canceled_at_ms);
}

void delete_customer(Tx& tx, const Customer& customer) {
    tx.exec(kDeleteAvatar, customer.workspace_id, customer.customer_id);
    tx.exec(kDeleteCustomer, customer.workspace_id, customer.customer_id);
}

}  // namespace hw
