// SPDX-License-Identifier: Apache-2.0
#include "core/folders.hpp"

#include "api/folders.hpp"
#include "api/json.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

Result<FolderFields> read_folder(const json::object& body) {
    FolderFields fields;
    fields.name = HW_TRY(
        optional_text(body, "name",
                      {.max_characters = limits::kFolderNameCharactersMax,
                       .trim = true,
                       .nullable = false,
                       .empty_message = "Too small: expected string to have >=1 characters"}));
    if (body.contains("description")) {
        fields.description = HW_TRY(optional_text(
            body, "description", {.max_characters = limits::kFolderDescriptionCharactersMax}));
    }
    const auto* level = body.if_contains("accessLevel");
    if (level == nullptr) return fields;
    fields.access_level.emplace();
    if (!level->is_null()) {
        fields.access_level = HW_TRY(option_text(body, "accessLevel", {"write", "read"}, ""));
    }
    return fields;
}

json::object folder_json(const Folder& folder) {
    return {{"id", folder.folder_id},
            {"name", folder.name},
            {"description", text_or_null(folder.description)},
            {"type", "default"},
            {"accessLevel", text_or_null(folder.access_level)},
            {"createdAt", time_or_null(folder.created_at_ms)},
            {"updatedAt", time_or_null(folder.updated_at_ms)}};
}

Answer answer_of(const Folder& folder, int status = 200) {
    return json_answer(json::serialize(folder_json(folder)), status);
}

}  // namespace

Result<Work> list_folders(const Call& call) {
    const auto query = call.request.query;
    FolderFilter filter;
    filter.search = HW_TRY(query_text(query, "search")).value_or("");
    filter.limit = HW_TRY(query_page_size(query, limits::kFolderPageSizeMax));
    filter.offset = (HW_TRY(query_page(query)).value_or(1) - 1) * filter.limit;
    return Work{Work::Mode::Read, [filter = std::move(filter)](Tx& tx) -> Result<Answer> {
                    json::array folders;
                    for (const auto& folder : hw::list_folders(tx, tx.workspace_id(), filter)) {
                        folders.push_back(folder_json(folder));
                    }
                    return json_answer(json::serialize(folders));
                }};
}

Result<Work> create_folder(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_folder(body));
    if (!fields.name) {
        return std::unexpected(invalid_field("invalid_type", "name",
                                             "Invalid input: expected string, received undefined"));
    }
    return Work{Work::Mode::Write, [fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::create_folder(tx, fields)), 201);
                }};
}

Result<Work> update_folder(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_folder(body));
    return Work{Work::Mode::Write,
                [fields = std::move(fields), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::update_folder(tx, id, fields)));
                }};
}

Result<Work> delete_folder(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto gone = HW_TRY(hw::delete_folder(tx, id));
                    return json_answer(json::serialize(json::object{{"id", gone}}));
                }};
}

}  // namespace hw::api
