// SPDX-License-Identifier: Apache-2.0
#include "core/list_links.hpp"

#include "api/link_json.hpp"
#include "api/list_links.hpp"
#include "api/query.hpp"

namespace hw::api {
namespace {

// Whether the query asks for links by something that no link has here: tags, folders, creators.
Result<bool> asks_for_none(std::string_view query) {
    for (const auto* name : {"tagId", "tagIds", "tagNames", "userId"}) {
        if (HW_TRY(query_text(query, name))) return true;
    }
    const auto folder = HW_TRY(query_text(query, "folderId"));
    return folder && *folder != "unsorted";
}

Result<ListLinks> read_list_links(std::string_view query) {
    ListLinks input;
    input.domain = HW_TRY(query_text(query, "domain"));
    input.tenant_id = HW_TRY(query_text(query, "tenantId"));
    input.search = HW_TRY(query_text(query, "search")).value_or("");
    input.show_archived = HW_TRY(query_bool(query, "showArchived", false));
    HW_TRY(query_bool(query, "withTags", false));
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
    const auto query = call.request.query;
    auto input = HW_TRY(read_list_links(query));
    if (HW_TRY(asks_for_none(query))) {
        return Work{Work::Mode::Read, [](Tx&) -> Result<Answer> { return json_answer("[]"); }};
    }
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
