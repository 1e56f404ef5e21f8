// SPDX-License-Identifier: Apache-2.0
#include "store/conversions.hpp"

#include <boost/json.hpp>

namespace hw {
namespace {

const Query kInsertConversion{"insert_conversion", R"sql(
insert into conversions (workspace_id, conversion_id, kind, event_name, customer_id,
    external_customer_id, occurred_at_ms, amount, currency, converted_amount, converted_currency,
    fx_rate, fx_date, fx_source, payment_processor, invoice_id, metadata, told_click_id,
    told_lead_event, quantity, source, told_code)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22)
)sql"};

const Query kFindConversion{"find_conversion", R"sql(
select workspace_id, conversion_id, kind, event_name, customer_id, external_customer_id,
    occurred_at_ms, amount, currency, converted_amount, converted_currency, fx_rate, fx_date,
    fx_source, payment_processor, invoice_id, metadata, told_click_id, told_lead_event, quantity,
    source, told_code
from conversions where workspace_id = $1 and conversion_id = $2
)sql"};

const Query kClaimPaymentAlias{"claim_payment_alias", R"sql(
insert into payment_aliases (workspace_id, alias, conversion_id) values ($1, $2, $3)
on conflict do nothing returning 1
)sql"};

const Query kFindPaymentAlias{"find_payment_alias", R"sql(
select conversion_id from payment_aliases where workspace_id = $1 and alias = $2
)sql"};

const Query kDeletePaymentAlias{"delete_payment_alias", R"sql(
delete from payment_aliases where workspace_id = $1 and alias = $2
)sql"};

const Query kClaimLead{"claim_lead", R"sql(
insert into lead_keys (workspace_id, customer_id, event_key, conversion_id)
values ($1, $2, $3, $4) on conflict do nothing returning 1
)sql"};

const Query kHasLead{"has_lead", R"sql(
select 1 from lead_keys where workspace_id = $1 and customer_id = $2 and event_key = $3
)sql"};

Conversion conversion_from(const Row& row) {
    Conversion c;
    c.workspace_id = row.text(0);
    c.conversion_id = row.text(1);
    c.kind = row.text(2);
    c.event_name = row.text(3);
    c.customer_id = row.optional_text(4);
    c.external_customer_id = row.text(5);
    c.occurred_at_ms = row.int64(6);
    c.amount = row.int64(7);
    c.currency = row.text(8);
    c.converted_amount = row.optional_int64(9);
    c.converted_currency = row.optional_text(10);
    c.fx_rate = row.optional_text(11);
    c.fx_date = row.optional_text(12);
    c.fx_source = row.optional_text(13);
    c.payment_processor = row.text(14);
    c.invoice_id = row.optional_text(15);
    c.metadata = row.optional_text(16);
    c.told_click_id = row.text(17);
    c.told_lead_event = row.text(18);
    c.quantity = row.int64(19);
    c.source = row.text(20);
    c.told_code = row.text(21);
    return c;
}

std::string conversion_id_from(const Row& row) {
    return row.text(0);
}

}  // namespace

std::optional<MetadataField> metadata_field(const Conversion& conversion, std::string_view name) {
    if (!conversion.metadata) return std::nullopt;
    const auto metadata = boost::json::parse(*conversion.metadata);
    if (!metadata.is_object()) return std::nullopt;
    const auto* value = metadata.get_object().if_contains({name.data(), name.size()});
    if (value == nullptr || value->is_null() || value->is_structured()) return std::nullopt;
    if (value->is_string()) {
        return MetadataField{std::string(value->get_string()), false};
    }
    return MetadataField{boost::json::serialize(*value), value->is_number()};
}

Conversion listed_conversion_from(const Tx& tx, const Row& row) {
    Conversion c;
    c.workspace_id = tx.workspace_id();
    c.conversion_id = row.text(0);
    c.kind = row.text(1);
    c.event_name = row.text(2);
    c.external_customer_id = row.text(3);
    c.occurred_at_ms = row.int64(4);
    c.amount = row.int64(5);
    c.currency = row.text(6);
    c.converted_amount = row.optional_int64(7);
    c.converted_currency = row.optional_text(8);
    c.payment_processor = row.text(9);
    c.invoice_id = row.optional_text(10);
    c.metadata = row.optional_text(11);
    c.source = row.text(12);
    return c;
}

void insert_conversion(Tx& tx, const Conversion& c) {
    tx.exec(kInsertConversion, c.workspace_id, c.conversion_id, c.kind, c.event_name, c.customer_id,
            c.external_customer_id, c.occurred_at_ms, c.amount, c.currency, c.converted_amount,
            c.converted_currency, c.fx_rate, c.fx_date, c.fx_source, c.payment_processor,
            c.invoice_id, c.metadata, c.told_click_id, c.told_lead_event, c.quantity, c.source,
            c.told_code);
}

std::optional<Conversion> find_conversion(Tx& tx, std::string_view workspace_id,
                                          std::string_view conversion_id) {
    return tx.first(kFindConversion, conversion_from, workspace_id, conversion_id);
}

std::optional<std::string> claim_payment_alias(Tx& tx, std::string_view workspace_id,
                                               std::string_view alias,
                                               std::string_view conversion_id) {
    if (tx.any(kClaimPaymentAlias, workspace_id, alias, conversion_id)) return std::nullopt;
    return find_payment_alias(tx, workspace_id, alias);
}

std::optional<std::string> find_payment_alias(Tx& tx, std::string_view workspace_id,
                                              std::string_view alias) {
    return tx.first(kFindPaymentAlias, conversion_id_from, workspace_id, alias);
}

void delete_payment_alias(Tx& tx, std::string_view workspace_id, std::string_view alias) {
    tx.exec(kDeletePaymentAlias, workspace_id, alias);
}

bool claim_lead(Tx& tx, std::string_view workspace_id, std::string_view customer_id,
                std::string_view event_key, std::string_view conversion_id) {
    return tx.any(kClaimLead, workspace_id, customer_id, event_key, conversion_id);
}

bool has_lead(Tx& tx, std::string_view workspace_id, std::string_view customer_id,
              std::string_view event_key) {
    return tx.any(kHasLead, workspace_id, customer_id, event_key);
}

}  // namespace hw
