// SPDX-License-Identifier: Apache-2.0
#include "core/discount_codes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/id.hpp"
#include "base/limits.hpp"
#include "core/partner_links.hpp"
#include "core/programs.hpp"
#include "store/discounts.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

constexpr int kAttemptsMax = 20;
constexpr std::size_t kNameCharacters = 20;
constexpr std::size_t kSuffixCharacters = 4;
constexpr std::int64_t kHundred = 100;

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

Result<void> check_code(std::string_view code) {
    const bool fits = std::ranges::all_of(code, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
    if (fits && !code.empty() && code.size() <= limits::kDiscountCodeCharactersMax) return {};
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("custom: code: '{}' is no code: give 1 to {} letters, digits, dashes "
                            "and underscores",
                            code, limits::kDiscountCodeCharactersMax),
                "invalid_code");
}

// "ANN20" for 20 percent.
std::string code_of(Tx& tx, const Enrollment& enrollment,
                    const std::optional<std::string>& discount_id) {
    const auto partner = find_partner(tx, enrollment.workspace_id, enrollment.partner_id);
    std::string code;
    for (const char c : partner ? partner->username.value_or(partner->name) : "") {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c == '@' || c == ' ' || code.size() == kNameCharacters) break;
        if (is_letter || (c >= '0' && c <= '9')) code += upper(c);
    }
    if (code.empty()) code = "PARTNER";
    const auto discount =
        discount_id ? find_discount(tx, enrollment.workspace_id, *discount_id) : std::nullopt;
    return discount ? fmt::format("{}{}", code, discount->amount / kHundred) : code;
}

std::unexpected<Error> code_taken(std::string_view code) {
    return fail(ErrorCode::Conflict, fmt::format("The code '{}' is already in use.", code),
                "duplicate_code");
}

Result<void> insert_with_free_code(Tx& tx, DiscountCode& wanted) {
    const auto begin = wanted.code;
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
        if (insert_discount_code(tx, wanted)) return {};
        auto suffix = random_text(kSuffixCharacters, tx.env());
        std::ranges::transform(suffix, suffix.begin(), upper);
        wanted.code = begin + "-" + suffix;
    }
    return code_taken(begin);
}

}  // namespace

Result<DiscountCode> create_discount_code(Tx& tx, const NewDiscountCode& input) {
    const auto enrollment =
        HW_TRY(find_enrolled(tx, {.partner_id = input.partner_id, .tenant_id = {}}));
    const auto link = find_link(tx, tx.workspace_id(), input.link_id);
    if (!link || link->partner_id != enrollment.partner_id) {
        return fail(ErrorCode::NotFound, "Link not found for this partner.", "link_not_found");
    }
    const auto group = HW_TRY(get_group(tx, enrollment.group_id));
    DiscountCode code;
    code.workspace_id = tx.workspace_id();
    code.discount_code_id = tx.new_id("dcode_");
    code.program_id = enrollment.program_id;
    code.discount_id = group.discount_id;
    code.partner_id = enrollment.partner_id;
    code.link_id = link->link_id;
    code.created_at_ms = tx.now_ms();
    code.code = input.code.value_or(code_of(tx, enrollment, group.discount_id));
    HW_CHECK(check_code(code.code));
    if (input.code) {
        if (!insert_discount_code(tx, code)) return code_taken(code.code);
    } else {
        HW_CHECK(insert_with_free_code(tx, code));
    }
    append_outbox(tx, "discount_code.created", code.discount_code_id);
    return code;
}

Result<std::string> delete_discount_code(Tx& tx, std::string_view reference) {
    const auto program = HW_TRY(required_program(tx));
    auto code = find_discount_code(tx, tx.workspace_id(), reference);
    if (!code || code->deleted_at_ms) {
        code = find_discount_code_by_code(tx, tx.workspace_id(), reference);
    }
    if (!code || code->program_id != program.program_id) {
        return fail(ErrorCode::NotFound, "Discount code not found.", "code_not_found");
    }
    delete_discount_code(tx, *code);
    append_outbox(tx, "discount_code.deleted", code->discount_code_id);
    return code->discount_code_id;
}

Result<std::vector<DiscountCode>> list_codes(Tx& tx, DiscountCodeFilter filter) {
    filter.program_id = HW_TRY(required_program(tx)).program_id;
    return list_discount_codes(tx, filter);
}

}  // namespace hw
