// SPDX-License-Identifier: Apache-2.0
#include "api/link_query.hpp"

#include "api/query.hpp"

namespace hw {

Result<LinkQuery> read_link_query(std::string_view query) {
    LinkQuery which;
    which.domain = HW_TRY(query_text(query, "domain"));
    which.tenant_id = HW_TRY(query_text(query, "tenantId"));
    which.folder_id = HW_TRY(query_text(query, "folderId"));
    which.tag_ids = HW_TRY(query_list(query, "tagIds"));
    // The older way to name a single one.
    auto tag_id = HW_TRY(query_text(query, "tagId"));
    if (tag_id) which.tag_ids.push_back(std::move(*tag_id));
    which.tag_names = HW_TRY(query_list(query, "tagNames"));
    which.user_id = HW_TRY(query_text(query, "userId"));
    which.with_tags = HW_TRY(query_bool(query, "withTags", false));
    which.search = HW_TRY(query_text(query, "search")).value_or("");
    which.show_archived = HW_TRY(query_bool(query, "showArchived", false));
    return which;
}

}  // namespace hw
