// SPDX-License-Identifier: Apache-2.0
// Readers of query parameters, with the refusals of the body readers (json.hpp).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.hpp"
#include "base/limits.hpp"

namespace hw {

// Absent and empty give nothing.
Result<std::optional<std::string>> query_text(std::string_view query, std::string_view name);

// "true" or "false"; `fallback` when absent.
Result<bool> query_bool(std::string_view query, std::string_view name, bool fallback);

// The parts between the commas of every parameter of that name, without the empty ones.
Result<std::vector<std::string>> query_list(std::string_view query, std::string_view name);

// One of `options`; `fallback` when absent.
Result<std::string> query_option(std::string_view query, std::string_view name,
                                 std::initializer_list<std::string_view> options,
                                 std::string_view fallback);

// sortOrder, or the older `order`: "desc" (default) or "asc".
Result<bool> query_descending(std::string_view query);

struct PageRule {
    std::string_view number_message;  // for what is no whole number
    std::string_view too_small_message;
    std::int64_t max = 0;
    std::string_view too_big_message;
};
// From 1.
Result<std::optional<std::int64_t>> query_count(std::string_view query, std::string_view name,
                                                const PageRule& rule);

// page and pageSize of the listings; `page` above every page stays for the use case to refuse.
Result<std::optional<std::int64_t>> query_page(std::string_view query);
Result<std::int64_t> query_page_size(std::string_view query,
                                     std::int64_t max = limits::kPageSizeMax);

}  // namespace hw
