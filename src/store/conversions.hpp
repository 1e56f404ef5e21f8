// SPDX-License-Identifier: Apache-2.0
// Conversions: leads and sales, the facts worth attributing. Never updated, never dropped.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

struct Conversion {
    std::string workspace_id;
    std::string conversion_id;
    std::string kind;  // "lead" or "purchase"
    std::string event_name;
    std::optional<std::string> customer_id;
    std::string external_customer_id;  // as told; empty when nobody was named
    std::int64_t occurred_at_ms = 0;
    std::int64_t amount = 0;  // minor units of `currency`, as told
    std::string currency;     // lower case; empty for leads
    // The amount in the workspace's reporting currency; nothing while no rate is known.
    std::optional<std::int64_t> converted_amount;
    std::optional<std::string> converted_currency;
    std::optional<std::string> fx_rate;  // decimal text, reporting currency per `currency`
    std::optional<std::string> fx_date;
    std::optional<std::string> fx_source;
    std::string payment_processor;
    std::optional<std::string> invoice_id;
    std::optional<std::string> metadata;  // JSON
    std::string told_click_id;            // evidence in the request
    std::string told_lead_event;
    std::string told_code;  // discount code beside the metadata
    std::int64_t quantity = 1;
    std::string source = "api";  // "direct": a lead that a sale brought with it
};

// A field of the metadata, if it is a text, a number or a boolean.
struct MetadataField {
    std::string text;
    bool is_number = false;
};
std::optional<MetadataField> metadata_field(const Conversion& conversion, std::string_view name);

// What lists tell of conversions, as the first columns of a select from `conversions c`.
inline constexpr std::string_view kListedConversionColumns =
    "c.conversion_id, c.kind, c.event_name, c.external_customer_id, c.occurred_at_ms, c.amount, "
    "c.currency, c.converted_amount, c.converted_currency, c.payment_processor, c.invoice_id, "
    "c.metadata, c.source";
inline constexpr int kListedConversionColumnCount = 13;
Conversion listed_conversion_from(const Tx& tx, const Row& row);

void insert_conversion(Tx& tx, const Conversion& conversion);
std::optional<Conversion> find_conversion(Tx& tx, std::string_view workspace_id,
                                          std::string_view conversion_id);

// Gives the alias to the conversion. The conversion that already has it otherwise.
std::optional<std::string> claim_payment_alias(Tx& tx, std::string_view workspace_id,
                                               std::string_view alias,
                                               std::string_view conversion_id);
std::optional<std::string> find_payment_alias(Tx& tx, std::string_view workspace_id,
                                              std::string_view alias);
void delete_payment_alias(Tx& tx, std::string_view workspace_id, std::string_view alias);

// One lead per customer and event, for ever: true when this conversion is the one.
bool claim_lead(Tx& tx, std::string_view workspace_id, std::string_view customer_id,
                std::string_view event_key, std::string_view conversion_id);
bool has_lead(Tx& tx, std::string_view workspace_id, std::string_view customer_id,
              std::string_view event_key);

}  // namespace hw
