// SPDX-License-Identifier: Apache-2.0
#include "api/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/limits.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"

namespace hw {

Result<std::optional<std::string>> query_text(std::string_view query, std::string_view name) {
    const auto raw = find_parameter(query, name);
    if (!raw || raw->empty()) return std::nullopt;
    auto text = form_decode(*raw);
    if (is_valid_utf8(text) && !text.contains('\0')) return std::optional(std::move(text));
    return std::unexpected(invalid_field("invalid_format", name, "Invalid input: no valid text"));
}

Result<bool> query_bool(std::string_view query, std::string_view name, bool fallback) {
    const auto text = HW_TRY(query_text(query, name));
    if (!text) return fallback;
    if (*text == "true" || *text == "false") return *text == "true";
    return std::unexpected(
        invalid_field("invalid_value", name, "Invalid option: expected one of \"true\"|\"false\""));
}

Result<bool> query_descending(std::string_view query) {
    const auto* const name = find_parameter(query, "sortOrder") ? "sortOrder" : "order";
    const auto text = HW_TRY(query_text(query, name)).value_or("desc");
    if (text == "desc" || text == "asc") return text == "desc";
    return std::unexpected(
        invalid_field("invalid_value", name, "Invalid option: expected one of \"asc\"|\"desc\""));
}

Result<std::optional<std::int64_t>> query_count(std::string_view query, std::string_view name,
                                                const PageRule& rule) {
    const auto text = HW_TRY(query_text(query, name));
    if (!text) return std::nullopt;
    std::int64_t number = 0;
    const auto* const end = text->data() + text->size();
    const auto [stop, failed] = std::from_chars(text->data(), end, number);
    if (stop != end || failed == std::errc::invalid_argument) {
        return std::unexpected(invalid_field("invalid_type", name, rule.number_message));
    }
    const bool negative = text->starts_with('-');
    if (negative || (failed == std::errc{} && number < 1)) {
        return std::unexpected(invalid_field("too_small", name, rule.too_small_message));
    }
    if (failed != std::errc{} || number > rule.max) {
        return std::unexpected(invalid_field("too_big", name, rule.too_big_message));
    }
    return std::optional(number);
}

Result<std::optional<std::int64_t>> query_page(std::string_view query) {
    return query_count(query, "page",
                       {.number_message = "Page must be a number.",
                        .too_small_message = "Page must be greater than 0.",
                        .max = std::numeric_limits<std::int32_t>::max(),
                        .too_big_message = "Page is too big."});
}

Result<std::int64_t> query_page_size(std::string_view query, std::int64_t max) {
    const auto too_big = fmt::format("Max page size is {}.", max);
    const auto size = HW_TRY(query_count(query, "pageSize",
                                         {.number_message = "Page size must be a number.",
                                          .too_small_message = "Page size must be greater than 0.",
                                          .max = max,
                                          .too_big_message = too_big}));
    return size.value_or(max);
}

Result<std::vector<std::string>> query_list(std::string_view query, std::string_view name) {
    std::vector<std::string> parts;
    bool valid = true;
    for_each_parameter(query, [&](std::string_view each, std::string_view raw) {
        if (!same_parameter_name(each, name)) return;
        auto text = form_decode(raw);
        valid = valid && is_valid_utf8(text) && !text.contains('\0');
        for (std::string_view rest = text; !rest.empty();) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (comma > 0) parts.emplace_back(rest.substr(0, comma));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    });
    if (valid) return parts;
    return std::unexpected(invalid_field("invalid_format", name, "Invalid input: no valid text"));
}

Result<std::string> query_option(std::string_view query, std::string_view name,
                                 std::initializer_list<std::string_view> options,
                                 std::string_view fallback) {
    json::object said;
    if (const auto text = HW_TRY(query_text(query, name))) said[name] = *text;
    return option_text(said, name, options, fallback);
}

}  // namespace hw
