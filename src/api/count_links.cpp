// SPDX-License-Identifier: Apache-2.0
#include "core/count_links.hpp"

#include "api/count_links.hpp"
#include "api/link_query.hpp"
#include "api/query.hpp"

namespace hw::api {
namespace {

CountGroup group_of(std::string_view name) {
    if (name == "tagId") return CountGroup::Tag;
    if (name == "userId") return CountGroup::User;
    return name == "folderId" ? CountGroup::Folder : CountGroup::Domain;
}

}  // namespace

Result<Work> count_links(const Call& call) {
    auto which = HW_TRY(read_link_query(call.request.query));
    auto group = HW_TRY(
        query_option(call.request.query, "groupBy", {"domain", "tagId", "userId", "folderId"}, ""));
    return Work{Work::Mode::Read,
                [which = std::move(which), group = std::move(group)](Tx& tx) -> Result<Answer> {
                    if (group.empty()) {
                        return json_answer(std::to_string(hw::count_links(tx, which)));
                    }
                    json::array groups;
                    for (const auto& each : count_links_by(tx, which, group_of(group))) {
                        groups.push_back(json::object{{group, text_or_null(each.value)},
                                                      {"_count", each.count}});
                    }
                    return json_answer(json::serialize(groups));
                }};
}

}  // namespace hw::api
