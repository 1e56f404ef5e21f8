// SPDX-License-Identifier: Apache-2.0
#include "core/discount_codes.hpp"

#include "api/discount_codes.hpp"
#include "api/json.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

json::object code_json(const DiscountCode& code) {
    return {{"id", code.discount_code_id},
            {"code", code.code},
            {"discountId", text_or_null(code.discount_id)},
            {"partnerId", code.partner_id},
            {"linkId", code.link_id},
            {"disabledAt", time_or_null(code.disabled_at_ms)}};
}

}  // namespace

Result<Work> list_discount_codes(const Call& call) {
    const auto query = call.request.query;
    DiscountCodeFilter filter;
    filter.partner_id = HW_TRY(query_text(query, "partnerId")).value_or("");
    filter.discount_id = HW_TRY(query_text(query, "discountId")).value_or("");
    filter.limit = HW_TRY(query_page_size(query));
    filter.offset = (HW_TRY(query_page(query)).value_or(1) - 1) * filter.limit;
    return Work{Work::Mode::Read, [filter = std::move(filter)](Tx& tx) -> Result<Answer> {
                    json::array codes;
                    for (const auto& code : HW_TRY(list_codes(tx, filter))) {
                        codes.push_back(code_json(code));
                    }
                    return json_answer(json::serialize(codes));
                }};
}

Result<Work> create_discount_code(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    NewDiscountCode input;
    input.code = HW_TRY(optional_text(
        body, "code", {.max_characters = limits::kDiscountCodeCharactersMax, .trim = true}));
    if (input.code && input.code->empty()) input.code.reset();
    constexpr TextRule kId{.max_characters = limits::kReferenceCharactersMax};
    input.partner_id = HW_TRY(required_text(body, "partnerId", kId));
    input.link_id = HW_TRY(required_text(body, "linkId", kId));
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto code = HW_TRY(hw::create_discount_code(tx, input));
                    return json_answer(json::serialize(code_json(code)));
                }};
}

Result<Work> delete_discount_code(const Call& call) {
    return Work{Work::Mode::Write, [reference = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto id = HW_TRY(hw::delete_discount_code(tx, reference));
                    return json_answer(json::serialize(json::object{{"id", id}}));
                }};
}

}  // namespace hw::api
