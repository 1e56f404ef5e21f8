// SPDX-License-Identifier: Apache-2.0
#include "core/list_events.hpp"

#include "api/analytics_query.hpp"
#include "api/event_json.hpp"
#include "api/list_events.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

Result<std::int64_t> read_limit(std::string_view query) {
    constexpr std::int64_t kDefault = 100;
    const auto limit = HW_TRY(query_count(query, "limit",
                                          {.number_message = "Limit must be a number.",
                                           .too_small_message = "Limit must be greater than 0.",
                                           .max = limits::kEventsPageMax,
                                           .too_big_message = "Max limit is 1000."}));
    return limit.value_or(kDefault);
}

Result<ListEvents> read_list(std::string_view query) {
    ListEvents input;
    input.counting = HW_TRY(read_counting(query, Allow::OneKind));
    input.range = HW_TRY(read_asked_range(query));
    input.filter = HW_TRY(read_event_filter(query));
    input.page = HW_TRY(query_page(query)).value_or(1);
    input.limit = HW_TRY(read_limit(query));
    const auto sort_by = HW_TRY(query_text(query, "sortBy"));
    if (sort_by && *sort_by != "timestamp") {
        return std::unexpected(
            invalid_field("invalid_value", "sortBy", "Invalid input: expected \"timestamp\""));
    }
    input.newest_first = HW_TRY(query_descending(query));
    return input;
}

}  // namespace

Result<Work> list_events(const Call& call) {
    auto input = HW_TRY(read_list(call.request.query));
    return Work{Work::Mode::Scan, [&call, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto page = HW_TRY(hw::list_events(tx, input));
                    const auto server_url = call.server_url();
                    json::array rows;
                    for (const auto& event : page.events) {
                        rows.push_back(event_json(event, server_url));
                    }
                    auto answer = json_answer(json::serialize(rows));
                    mark_partial(answer, page.seen_up_to_ms);
                    return answer;
                }};
}

}  // namespace hw::api
