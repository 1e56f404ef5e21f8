// SPDX-License-Identifier: Apache-2.0
#include "api/customers.hpp"

#include <array>

#include "api/customer_json.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"
#include "core/keep_customer.hpp"
#include "core/list_customers.hpp"

namespace hw::api {
namespace {

struct Order {
    std::string_view name;
    CustomerOrder order;
};
constexpr std::array<Order, 4> kOrders{{
    {"createdAt", CustomerOrder::CreatedAt},
    {"saleAmount", CustomerOrder::SaleAmount},
    {"firstSaleAt", CustomerOrder::FirstSaleAt},
    {"subscriptionCanceledAt", CustomerOrder::SubscriptionCanceledAt},
}};

Result<CustomerOrder> read_order(std::string_view query) {
    const auto text = HW_TRY(query_text(query, "sortBy")).value_or("createdAt");
    for (const auto& [name, order] : kOrders) {
        if (text == name) return order;
    }
    return std::unexpected(
        invalid_field("invalid_value", "sortBy",
                      "Invalid option: expected one of "
                      "\"createdAt\"|\"saleAmount\"|\"firstSaleAt\"|\"subscriptionCanceledAt\""));
}

Result<ListCustomers> read_list(std::string_view query) {
    ListCustomers input;
    input.filter = HW_TRY(read_customer_filter(query));
    auto& filter = input.filter;
    filter.order = HW_TRY(read_order(query));
    filter.descending = HW_TRY(query_descending(query));
    const auto page = HW_TRY(query_page(query));
    input.page_given = page.has_value();
    input.page = page.value_or(1);
    filter.limit = HW_TRY(query_page_size(query));
    input.starting_after = HW_TRY(query_text(query, "startingAfter"));
    input.ending_before = HW_TRY(query_text(query, "endingBefore"));
    return input;
}

constexpr TextRule kName{.max_characters = limits::kCustomerTextCharactersMax, .trim = true};
constexpr TextRule kId{.max_characters = limits::kExternalIdCharactersMax, .trim = true};

// Not said, cleared, or set; an empty text clears.
Patch<std::string> patch_of(const json::object& body, std::string_view name,
                            std::optional<std::string> text) {
    if (body.if_contains(name) == nullptr) return std::nullopt;
    if (text && text->empty()) text.reset();
    return Patch<std::string>(std::move(text));
}

Result<CustomerFields> read_fields(const json::object& body) {
    CustomerFields fields;
    fields.external_id = HW_TRY(optional_text(body, "externalId", kId));
    if (fields.external_id && fields.external_id->empty()) {
        return std::unexpected(invalid_field("too_small", "externalId",
                                             "Too small: expected string to have >=1 characters"));
    }
    fields.name = HW_TRY(optional_text(body, "name", kName));
    fields.email = patch_of(body, "email", HW_TRY(optional_email(body, "email", kName)));
    fields.avatar = patch_of(body, "avatar", HW_TRY(optional_text(body, "avatar")));
    fields.country = HW_TRY(optional_text(body, "country", {.max_characters = 2, .trim = true}));
    fields.stripe_customer_id =
        patch_of(body, "stripeCustomerId", HW_TRY(optional_text(body, "stripeCustomerId", kId)));
    return fields;
}

json::value expanded(Tx& tx, const CustomerWithTotals& customer, bool expand) {
    auto out = customer_json(customer);
    if (expand) {
        const auto& link_id = customer.customer.link_id;
        add_expanded_fields(
            out, link_id ? find_link(tx, tx.workspace_id(), *link_id) : std::optional<Link>{});
    }
    return out;
}

Result<bool> read_expand(const Call& call) {
    return query_bool(call.request.query, "includeExpandedFields", false);
}

}  // namespace

Result<CustomerFilter> read_customer_filter(std::string_view query) {
    CustomerFilter filter;
    struct Named {
        const char* name;
        std::string* text;
    };
    for (const auto& [name, text] :
         {Named{"email", &filter.email}, Named{"externalId", &filter.external_id},
          Named{"search", &filter.search}, Named{"country", &filter.country},
          Named{"linkId", &filter.link_id}, Named{"programId", &filter.program_id},
          Named{"partnerId", &filter.partner_id}}) {
        *text = HW_TRY(query_text(query, name)).value_or("");
    }
    return filter;
}

Result<Work> list_customers(const Call& call) {
    auto input = HW_TRY(read_list(call.request.query));
    const bool expand = HW_TRY(read_expand(call));
    return Work{Work::Mode::Read, [expand, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto found = HW_TRY(hw::list_customers(tx, input));
                    json::array rows;
                    for (const auto& one : found) rows.push_back(expanded(tx, one, expand));
                    return json_answer(json::serialize(rows));
                }};
}

Result<Work> add_customer(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    HW_TRY(required_text(body, "externalId", kId));
    HW_TRY(required_text(body, "country"));
    auto fields = HW_TRY(read_fields(body));
    return Work{Work::Mode::Write, [fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    const auto customer = HW_TRY(hw::add_customer(tx, fields));
                    return json_answer(json::serialize(customer_json(customer)), 201);
                }};
}

Result<Work> get_customer(const Call& call) {
    const bool expand = HW_TRY(read_expand(call));
    return Work{Work::Mode::Read,
                [expand, reference = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto customer = HW_TRY(hw::get_customer(tx, reference));
                    return json_answer(json::serialize(expanded(tx, customer, expand)));
                }};
}

Result<Work> change_customer(const Call& call) {
    const auto text = call.request.body.empty() ? std::string_view("{}") : call.request.body;
    const auto body = HW_TRY(parse_object(text));
    auto fields = HW_TRY(read_fields(body));
    const bool expand = HW_TRY(read_expand(call));
    return Work{Work::Mode::Write,
                [expand, reference = call.parameters.at(0),
                 fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    const auto customer = HW_TRY(hw::change_customer(tx, reference, fields));
                    return json_answer(json::serialize(expanded(tx, customer, expand)));
                }};
}

Result<Work> remove_customer(const Call& call) {
    return Work{Work::Mode::Write, [reference = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto id = HW_TRY(hw::remove_customer(tx, reference));
                    return json_answer(json::serialize(json::object{{"id", id}}));
                }};
}

}  // namespace hw::api
