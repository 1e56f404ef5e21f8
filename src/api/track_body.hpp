// SPDX-License-Identifier: Apache-2.0
// What the bodies of the track endpoints have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/json.hpp"
#include "core/create_customer.hpp"
#include "store/links.hpp"

namespace hw {

// customerExternalId, or one of its deprecated names; 400 when there is none. A page (`client`)
// must tell 1 to 100 characters under the first name.
struct ExternalId {
    std::optional<std::string> customer_external_id;
    std::optional<std::string> external_id;
    std::optional<std::string> customer_id;
};
Result<ExternalId> read_external_id(const json::object& body, bool client);
Result<std::string> required_external_id(const ExternalId& told);

// clickId as pages must tell it: a text, which may be empty.
Result<std::string> read_client_click_id(const json::object& body);

// customerName, customerEmail, customerAvatar. The external id is left to the caller.
Result<NewCustomer> read_new_customer(const json::object& body);

// {id, domain, key, shortLink, url, partnerId, programId, tenantId, externalId}
json::value link_summary(const std::optional<Link>& link);

// The discount code of a lead or a sale: `discountCode` beside the metadata, else within.
struct ToldCode {
    std::string told;      // beside it
    std::string anywhere;  // that one, or the one within
};
Result<ToldCode> read_discount_code(const json::object& body);

std::string short_link(const Link& link);

}  // namespace hw
