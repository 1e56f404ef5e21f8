// SPDX-License-Identifier: Apache-2.0
#include "api/track_body.hpp"

#include "base/limits.hpp"
#include "base/link_key.hpp"

namespace hw {

Result<ExternalId> read_external_id(const json::object& body, bool client) {
    ExternalId told;
    if (client) {
        told.customer_external_id =
            HW_TRY(required_text(body, "customerExternalId",
                                 {.max_characters = limits::kClientExternalIdCharactersMax,
                                  .trim = true,
                                  .empty_message = "customerExternalId is required"}));
        return told;
    }
    const TextRule rule{.max_characters = limits::kExternalIdCharactersMax};
    told.customer_external_id = HW_TRY(optional_text(body, "customerExternalId", rule));
    told.external_id = HW_TRY(optional_text(body, "externalId", rule));
    told.customer_id = HW_TRY(optional_text(body, "customerId", rule));
    return told;
}

Result<std::string> required_external_id(const ExternalId& told) {
    for (const auto* name : {&told.customer_external_id, &told.external_id, &told.customer_id}) {
        if (*name && !(*name)->empty()) return **name;
    }
    return fail(ErrorCode::BadRequest, "customerExternalId is required", "no_external_id");
}

Result<std::string> read_client_click_id(const json::object& body) {
    return required_text(body, "clickId", {.trim = true});
}

Result<NewCustomer> read_new_customer(const json::object& body) {
    NewCustomer customer;
    const TextRule rule{.max_characters = limits::kCustomerTextCharactersMax};
    customer.name = HW_TRY(optional_text(body, "customerName", rule));
    customer.email = HW_TRY(optional_email(body, "customerEmail", rule));
    customer.avatar = HW_TRY(optional_text(body, "customerAvatar"));
    return customer;
}

Result<ToldCode> read_discount_code(const json::object& body) {
    constexpr std::string_view kName = "discountCode";
    ToldCode code;
    code.told =
        HW_TRY(optional_text(body, kName,
                             {.max_characters = limits::kDiscountCodeCharactersMax, .trim = true}))
            .value_or("");
    code.anywhere = code.told;
    const auto* metadata = body.if_contains("metadata");
    if (!code.told.empty() || metadata == nullptr || !metadata->is_object()) return code;
    const auto* within = metadata->get_object().if_contains(kName);
    if (within == nullptr || !within->is_string()) return code;
    const std::string_view text = within->get_string();
    // No code is longer, and metadata may say anything.
    if (text.size() > limits::kDiscountCodeCharactersMax || text.contains('\0')) return code;
    code.anywhere = text;
    return code;
}

std::string short_link(const Link& link) {
    const auto base = "https://" + link.domain;
    return link.key == kRootKey ? base : base + "/" + display_key(link.key);
}

json::value link_summary(const std::optional<Link>& link) {
    if (!link) return nullptr;
    return json::object{{"id", link->link_id},
                        {"domain", link->domain},
                        {"key", display_key(link->key)},
                        {"shortLink", short_link(*link)},
                        {"url", link->url},
                        {"partnerId", text_or_null(link->partner_id)},
                        {"programId", text_or_null(link->program_id)},
                        {"tenantId", text_or_null(link->tenant_id)},
                        {"externalId", text_or_null(link->external_id)}};
}

}  // namespace hw
