// SPDX-License-Identifier: Apache-2.0
#include "api/customer_json.hpp"

#include "api/track_body.hpp"
#include "base/link_key.hpp"

namespace hw {

json::object customer_json(const CustomerWithTotals& found) {
    const auto& c = found.customer;
    const auto first_sale_at_ms = found.totals.first_sale_at_ms == 0
                                      ? std::nullopt
                                      : std::optional(found.totals.first_sale_at_ms);
    return {{"id", c.customer_id},
            {"name", c.name},
            {"email", text_or_null(c.email)},
            {"avatar", text_or_null(c.avatar)},
            {"externalId", c.external_id},
            {"stripeCustomerId", text_or_null(c.stripe_customer_id)},
            {"country", text_or_null(c.country)},
            {"sales", found.totals.sales},
            {"saleAmount", found.totals.sale_amount},
            {"createdAt", time_or_null(c.created_at_ms)},
            {"firstSaleAt", time_or_null(first_sale_at_ms)},
            {"subscriptionCanceledAt", time_or_null(c.subscription_canceled_at_ms)}};
}

void add_expanded_fields(json::object& customer, const std::optional<Link>& link) {
    customer["link"] = nullptr;
    customer["programId"] = nullptr;
    customer["partner"] = nullptr;
    customer["discount"] = nullptr;
    if (!link) return;
    customer["link"] = json::object{{"id", link->link_id},
                                    {"domain", link->domain},
                                    {"key", display_key(link->key)},
                                    {"shortLink", short_link(*link)},
                                    {"url", link->url},
                                    {"programId", text_or_null(link->program_id)}};
    customer["programId"] = text_or_null(link->program_id);
    if (link->partner_id) {
        customer["partner"] = json::object{{"id", *link->partner_id},
                                           {"name", *link->partner_id},
                                           {"email", nullptr},
                                           {"image", nullptr}};
    }
}

}  // namespace hw
