// SPDX-License-Identifier: Apache-2.0
#include "core/folders.hpp"

namespace hw {
namespace {

std::unexpected<Error> name_taken() {
    return fail(ErrorCode::Conflict, "A folder with that name already exists.", "duplicate_folder");
}

Result<Folder> find_existing(Tx& tx, std::string_view folder_id) {
    auto folder = find_folder(tx, tx.workspace_id(), folder_id);
    if (!folder) return fail(ErrorCode::NotFound, "Folder not found.", "folder_not_found");
    return std::move(*folder);
}

void put(const FolderFields& fields, Folder& folder) {
    folder.name = fields.name.value_or(folder.name);
    if (fields.description) folder.description = *fields.description;
    if (fields.access_level) folder.access_level = *fields.access_level;
}

}  // namespace

Result<Folder> create_folder(Tx& tx, const FolderFields& fields) {
    Folder folder{.workspace_id = tx.workspace_id(),
                  .folder_id = tx.new_id("fold_"),
                  .name = {},
                  .description = {},
                  .access_level = "write",
                  .created_at_ms = tx.now_ms(),
                  .updated_at_ms = tx.now_ms()};
    put(fields, folder);
    if (!insert_folder(tx, folder)) return name_taken();
    return folder;
}

Result<Folder> update_folder(Tx& tx, std::string_view folder_id, const FolderFields& fields) {
    auto folder = HW_TRY(find_existing(tx, folder_id));
    put(fields, folder);
    const auto namesake = find_folder_by_name(tx, folder.workspace_id, folder.name);
    if (namesake && namesake->folder_id != folder.folder_id) return name_taken();
    folder.updated_at_ms = tx.now_ms();
    update_folder(tx, folder);
    return folder;
}

Result<std::string> delete_folder(Tx& tx, std::string_view folder_id) {
    const auto folder = HW_TRY(find_existing(tx, folder_id));
    delete_folder(tx, folder);
    return folder.folder_id;
}

}  // namespace hw
