// SPDX-License-Identifier: Apache-2.0
#include "api/payments.hpp"

#include "api/json.hpp"
#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "core/reattribute_conversion.hpp"
#include "core/record_dispute.hpp"
#include "core/record_refund.hpp"

namespace hw::api {
namespace {

constexpr TextRule kId{.max_characters = limits::kExternalIdCharactersMax, .trim = true};
constexpr TextRule kText{.max_characters = limits::kCommissionTextCharactersMax, .trim = true};

// By invoice id, or by the id of the conversion.
Result<std::string> read_alias(const json::object& body) {
    const auto invoice_id = HW_TRY(optional_text(body, "invoiceId", kId)).value_or("");
    const auto conversion_id = HW_TRY(optional_text(body, "conversionId", kId)).value_or("");
    if (invoice_id.empty() == conversion_id.empty()) {
        return std::unexpected(
            invalid_field("custom", "invoiceId",
                          "Either `invoiceId` or `conversionId` must be provided, and not both."));
    }
    return invoice_id.empty() ? conversion_alias(conversion_id) : invoice_alias(invoice_id);
}

Result<std::string> read_key(const json::object& body, std::string_view name) {
    auto key = HW_TRY(required_text(body, name, kId));
    if (!key.empty()) return key;
    return std::unexpected(
        invalid_field("too_small", name, "Too small: expected string to have >=1 characters"));
}

Result<Refund> read_refund(const json::object& body) {
    Refund refund;
    refund.payment_alias = HW_TRY(read_alias(body));
    refund.refund_key = HW_TRY(read_key(body, "refundId"));
    refund.amount = HW_TRY(
        required_int(body, "amount",
                     {.min = 1,
                      .max = limits::kCommissionAmountMax,
                      .missing_message = "Invalid input: expected number, received undefined",
                      .too_small_message = "Too small: expected number to be >=1",
                      .too_big_message = "Amount must not be above 99999999999."}));
    constexpr TextRule kCurrency{.max_characters = limits::kCurrencyCharactersMax, .trim = true};
    refund.currency = ascii_lower(HW_TRY(optional_text(body, "currency", kCurrency)).value_or(""));
    refund.reason = HW_TRY(optional_text(body, "reason", kText)).value_or("");
    return refund;
}

Result<Dispute> read_dispute(const json::object& body) {
    Dispute dispute;
    dispute.payment_alias = HW_TRY(read_alias(body));
    dispute.dispute_key = HW_TRY(read_key(body, "disputeId"));
    dispute.state = HW_TRY(option_text(body, "state", {"open", "won", "lost"}, "open"));
    return dispute;
}

}  // namespace

Result<Work> record_refund(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto refund = HW_TRY(read_refund(body));
    return Work{Work::Mode::Write, [refund = std::move(refund)](Tx& tx) -> Result<Answer> {
                    const auto done = HW_TRY(hw::record_refund(tx, refund));
                    return json_answer(json::serialize(
                        json::object{{"refundId", done.refund.refund_key},
                                     {"amount", done.refund.amount},
                                     {"currency", done.refund.currency},
                                     {"conversionId", text_or_null(done.conversion_id)},
                                     {"repeated", !done.is_new}}));
                }};
}

Result<Work> record_dispute(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto dispute = HW_TRY(read_dispute(body));
    return Work{Work::Mode::Write, [dispute = std::move(dispute)](Tx& tx) -> Result<Answer> {
                    const auto done = hw::record_dispute(tx, dispute);
                    return json_answer(json::serialize(
                        json::object{{"disputeId", dispute.dispute_key},
                                     {"state", dispute.state},
                                     {"conversionId", text_or_null(done.conversion_id)},
                                     {"repeated", !done.is_new}}));
                }};
}

Result<Work> reattribute_conversion(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    ReattributeConversion input;
    input.conversion_id = call.parameters.at(0);
    input.link_id = HW_TRY(read_key(body, "linkId"));
    input.reason = HW_TRY(read_key(body, "reason"));
    input.decided_by = call.caller->api_key_id;
    return Work{
        Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
            const auto done = HW_TRY(hw::reattribute_conversion(tx, input));
            const auto& now = done.attribution;
            return json_answer(json::serialize(json::object{
                {"conversionId", now.conversion_id},
                {"linkId", text_or_null(now.link_id)},
                {"partnerId", text_or_null(now.partner_id)},
                {"seq", now.seq},
                {"changed", done.changed},
                {"commissionId", done.commission ? json::value(done.commission->commission_id)
                                                 : json::value(nullptr)}}));
        }};
}

}  // namespace hw::api
