// SPDX-License-Identifier: Apache-2.0
#include "core/list_links.hpp"

#include "api/link_json.hpp"
#include "api/link_query.hpp"
#include "api/list_links.hpp"
#include "api/query.hpp"

namespace hw::api {
namespace {

LinkSort sort_of(std::string_view name) {
    if (name == "clicks") return LinkSort::Clicks;
    if (name == "saleAmount") return LinkSort::SaleAmount;
    return name == "lastClicked" ? LinkSort::LastClicked : LinkSort::Created;
}

Result<ListLinks> read_list_links(std::string_view query) {
    ListLinks input;
    input.which = HW_TRY(read_link_query(query));
    input.sort = sort_of(HW_TRY(query_option(
        query, "sortBy", {"createdAt", "clicks", "saleAmount", "lastClicked"}, "createdAt")));
    input.ascending = HW_TRY(query_option(query, "sortOrder", {"asc", "desc"}, "desc")) == "asc";
    const auto page = HW_TRY(query_page(query));
    input.page_given = page.has_value();
    input.page = page.value_or(1);
    input.page_size = HW_TRY(query_page_size(query));
    input.starting_after = HW_TRY(query_text(query, "startingAfter"));
    input.ending_before = HW_TRY(query_text(query, "endingBefore"));
    return input;
}

}  // namespace

Result<Work> list_links(const Call& call) {
    auto input = HW_TRY(read_list_links(call.request.query));
    return Work{Work::Mode::Read, [&call, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto server_url = call.server_url();
                    json::array links;
                    const auto found = HW_TRY(hw::list_links(tx, input));
                    for (const auto& link : found) {
                        links.push_back(link_json(link, server_url));
                    }
                    return json_answer(json::serialize(links));
                }};
}

}  // namespace hw::api
