// SPDX-License-Identifier: Apache-2.0
#include "core/tags.hpp"

#include "api/link_json.hpp"
#include "api/query.hpp"
#include "api/tags.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

Result<TagFields> read_tag(const json::object& body) {
    constexpr TextRule kName{.max_characters = limits::kTagNameCharactersMax,
                             .trim = true,
                             .nullable = false,
                             .empty_message = "Too small: expected string to have >=1 characters"};
    TagFields fields;
    fields.name = HW_TRY(optional_text(body, "name", kName));
    // The older name of the name.
    if (!fields.name) fields.name = HW_TRY(optional_text(body, "tag", kName));
    if (!body.contains("color")) return fields;
    fields.color = HW_TRY(option_text(
        body, "color", {"red", "yellow", "green", "blue", "purple", "brown", "gray", "pink"}, ""));
    return fields;
}

Answer answer_of(const Tag& tag, int status = 200) {
    return json_answer(json::serialize(tag_json(tag)), status);
}

}  // namespace

Result<Work> list_tags(const Call& call) {
    const auto query = call.request.query;
    TagFilter filter;
    filter.search = HW_TRY(query_text(query, "search")).value_or("");
    auto ids = HW_TRY(query_list(query, "ids"));
    if (!ids.empty()) filter.ids = std::move(ids);
    filter.by_name = HW_TRY(query_option(query, "sortBy", {"name", "createdAt"}, "name")) == "name";
    filter.ascending = HW_TRY(query_option(query, "sortOrder", {"asc", "desc"}, "asc")) == "asc";
    filter.limit = HW_TRY(query_page_size(query));
    filter.offset = (HW_TRY(query_page(query)).value_or(1) - 1) * filter.limit;
    return Work{Work::Mode::Read, [filter = std::move(filter)](Tx& tx) -> Result<Answer> {
                    json::array tags;
                    for (const auto& tag : hw::list_tags(tx, tx.workspace_id(), filter)) {
                        tags.push_back(tag_json(tag));
                    }
                    return json_answer(json::serialize(tags));
                }};
}

Result<Work> create_tag(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_tag(body));
    if (!fields.name) {
        return std::unexpected(invalid_field("invalid_type", "name",
                                             "Invalid input: expected string, received undefined"));
    }
    return Work{Work::Mode::Write, [fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::create_tag(tx, fields)), 201);
                }};
}

Result<Work> update_tag(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_tag(body));
    return Work{Work::Mode::Write,
                [fields = std::move(fields), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::update_tag(tx, id, fields)));
                }};
}

Result<Work> delete_tag(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto gone = HW_TRY(hw::delete_tag(tx, id));
                    return json_answer(json::serialize(json::object{{"id", gone}}));
                }};
}

}  // namespace hw::api
