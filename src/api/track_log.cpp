// SPDX-License-Identifier: Apache-2.0
#include "api/track_log.hpp"

#include <charconv>

#include "api/json.hpp"
#include "base/percent.hpp"
#include "store/conversion_log.hpp"

namespace hw::api {
namespace {

constexpr std::int64_t kPageSize = 100;

struct PageRule {
    std::int64_t fallback;
    std::int64_t max;
    std::string_view number_message;
    std::string_view too_small_message;
    std::string_view too_big_message;
};

Result<std::int64_t> read_count(std::string_view query, std::string_view name,
                                const PageRule& rule) {
    const auto text = find_parameter(query, name);
    if (!text || text->empty()) return rule.fallback;
    std::int64_t value = 0;
    const auto* const end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, value);
    const bool too_big = parsed.ec == std::errc::result_out_of_range;
    if (!too_big && (parsed.ec != std::errc{} || parsed.ptr != end)) {
        return std::unexpected(invalid_field("invalid_type", name, rule.number_message));
    }
    if (too_big || value > rule.max) {
        return std::unexpected(invalid_field("too_big", name, rule.too_big_message));
    }
    if (value < 1) {
        return std::unexpected(invalid_field("too_small", name, rule.too_small_message));
    }
    return value;
}

json::value entry_json(const LogEntry& entry) {
    return json::object{{"id", entry.log_id},
                        {"at", time_or_null(entry.at_ms)},
                        {"method", entry.method},
                        {"path", entry.path},
                        {"status", entry.status},
                        {"reason", entry.reason},
                        {"conversionId", text_or_null(entry.conversion_id)},
                        {"requestId", entry.request_id},
                        {"request", entry.request_body},
                        {"response", entry.response_body}};
}

}  // namespace

Result<Work> track_log(const Call& call) {
    const auto& query = call.request.query;
    const auto page =
        HW_TRY(read_count(query, "page",
                          {.fallback = 1,
                           .max = 1'000,
                           .number_message = "Page must be a number.",
                           .too_small_message = "Page must be greater than 0.",
                           .too_big_message = "Page is too big (cannot be more than 1000)."}));
    const auto size = HW_TRY(read_count(query, "pageSize",
                                        {.fallback = kPageSize,
                                         .max = kPageSize,
                                         .number_message = "Page size must be a number.",
                                         .too_small_message = "Page size must be greater than 0.",
                                         .too_big_message = "Max page size is 100."}));
    return Work{
        Work::Mode::Read, [page, size](Tx& tx) -> Result<Answer> {
            json::array entries;
            const auto offset = (page - 1) * size;
            for (const auto& entry : list_log_entries(tx, tx.workspace_id(), size, offset)) {
                entries.push_back(entry_json(entry));
            }
            return json_answer(json::serialize(entries));
        }};
}

}  // namespace hw::api
